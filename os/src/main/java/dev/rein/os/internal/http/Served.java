package dev.rein.os.internal.http;

import dev.rein.os.internal.wire.Catalog;
import dev.rein.run.Component;
import dev.rein.run.event.Source;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The components that are served, by kind and id. Immutable. */
final class Served {
    private final Map<Source, Map<String, Component>> all = new EnumMap<>(Source.class);
    private final Catalog catalog;

    /** @throws IllegalArgumentException if one has no name, or two of a kind have one id */
    Served(Settings settings) {
        add(Source.AGENT, settings.agents());
        add(Source.TEAM, settings.teams());
        add(Source.WORKFLOW, settings.workflows());
        catalog = Catalog.of(
                all.values().stream().flatMap(each -> each.values().stream()).toList());
    }

    /** With all that they are made of. */
    Catalog catalog() {
        return catalog;
    }

    /** {@code /agents/{agent_id}}, and likewise. */
    static String path(Source kind) {
        return "/" + resource(kind) + "/{" + idName(kind) + "}";
    }

    /** {@code agents}, and likewise. */
    static String resource(Source kind) {
        return word(kind) + "s";
    }

    /** {@code agent_id}, and likewise. */
    static String idName(Source kind) {
        return word(kind) + "_id";
    }

    private void add(Source kind, List<? extends Component> components) {
        var byId = new LinkedHashMap<String, Component>();
        for (var component : components) {
            if (component.name() == null) {
                throw new IllegalArgumentException("the " + word(kind) + " with id " + component.id()
                        + " has no name, and its id would be another one after each start: give it a name");
            }
            if (byId.put(component.id(), component) != null) {
                throw new IllegalArgumentException("two of the " + word(kind) + "s have the id \"" + component.id()
                        + "\": give one of them another name, or an id of its own");
            }
        }
        all.put(kind, byId);
    }

    private static String word(Source kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** @throws Problem 404 if there is none */
    Component get(Source kind, String id) {
        var component = of(kind).get(id);
        if (component == null) {
            throw Problem.notFound(title(kind) + " not found");
        }
        return component;
    }

    /** {@code Agent}, {@code Team} or {@code Workflow}. */
    static String title(Source kind) {
        var word = word(kind);
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    private Map<String, Component> of(Source kind) {
        return all.getOrDefault(kind, Map.of());
    }

    Collection<Component> all(Source kind) {
        return of(kind).values();
    }

    boolean has(Source kind, String id) {
        return of(kind).containsKey(id);
    }
}
