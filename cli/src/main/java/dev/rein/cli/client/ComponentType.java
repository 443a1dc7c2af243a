package dev.rein.cli.client;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What can run. */
enum ComponentType {
    AGENT,
    TEAM,
    WORKFLOW;

    /** As routes, frames and people write it: {@code agent}. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The path of a component, such as {@code /agents/research-agent}. */
    String path(String id) {
        return "/" + word() + "s/" + OsClient.encoded(id);
    }

    /** @throws IllegalArgumentException if it is none */
    static ComponentType of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    static final class Converter implements ITypeConverter<ComponentType> {
        @Override
        public ComponentType convert(String value) {
            try {
                return of(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + value + "' does not run: say one of "
                        + List.of(values()).stream().map(ComponentType::word).toList());
            }
        }
    }
}
