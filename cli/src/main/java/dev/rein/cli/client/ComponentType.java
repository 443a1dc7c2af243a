package dev.rein.cli.client;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The types of components. */
enum ComponentType {
    AGENT,
    TEAM,
    WORKFLOW;

    /** The lower-case name, such as {@code agent}, as in routes and events. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The path of a component, such as {@code /agents/research-agent}. */
    String path(String id) {
        return "/" + word() + "s/" + OsClient.encoded(id);
    }

    /** @throws IllegalArgumentException if there is no such type */
    static ComponentType of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    static final class Converter implements ITypeConverter<ComponentType> {
        @Override
        public ComponentType convert(String value) {
            try {
                return of(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + value + "' is not a type: use one of "
                        + List.of(values()).stream().map(ComponentType::word).toList());
            }
        }
    }
}
