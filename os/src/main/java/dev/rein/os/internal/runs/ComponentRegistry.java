package dev.rein.os.internal.runs;

import dev.rein.os.internal.ServerSettings;
import dev.rein.os.internal.route.Problem;
import dev.rein.os.internal.wire.ComponentCatalog;
import dev.rein.run.ComponentKind;
import dev.rein.runtime.Component;
import dev.rein.runtime.Runs;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The served components by kind and id. Immutable. */
public final class ComponentRegistry {
    private static final Pattern IN_PATH = Pattern.compile("[A-Za-z0-9._~!$&'()+,=@-]+");

    private final Map<ComponentKind, Map<String, Component>> all = new EnumMap<>(ComponentKind.class);
    private final ComponentCatalog catalog;

    /**
     * @throws IllegalArgumentException if a component has no name or an id that no path can hold, or two of a kind share an
     *     id
     */
    public ComponentRegistry(ServerSettings settings) {
        add(ComponentKind.AGENT, settings.agents(), settings.runs());
        add(ComponentKind.TEAM, settings.teams(), settings.runs());
        add(ComponentKind.WORKFLOW, settings.workflows(), settings.runs());
        catalog = ComponentCatalog.of(
                all.values().stream().flatMap(each -> each.values().stream()).toList());
    }

    /** The served components with their members and step executors. */
    public ComponentCatalog catalog() {
        return catalog;
    }

    /** Whether it serves a component of this kind and id. */
    public boolean serves(ComponentKind kind, String id) {
        return all.getOrDefault(kind, Map.of()).containsKey(id);
    }

    /** The path of a component, such as {@code /agents/{agent_id}}. */
    public static String path(ComponentKind kind) {
        return "/" + resource(kind) + "/{" + idName(kind) + "}";
    }

    /** The resource name of a kind, such as {@code agents}. */
    public static String resource(ComponentKind kind) {
        return word(kind) + "s";
    }

    /** The name of the id parameter of a kind, such as {@code agent_id}. */
    public static String idName(ComponentKind kind) {
        return word(kind) + "_id";
    }

    private void add(ComponentKind kind, List<? extends Component> components, Runs runs) {
        var byId = new LinkedHashMap<String, Component>();
        for (var component : components) {
            if (component.name() == null) {
                throw new IllegalArgumentException("the " + word(kind) + " with id " + component.id()
                        + " has no name, so its id would change at each start: give it a name");
            }
            if (!isInPath(component.id())) {
                throw new IllegalArgumentException(
                        "the id of the " + word(kind) + " \"" + component.name() + "\" is \"" + component.id()
                                + "\", which the path of a route can't hold: use letters from A to Z, digits and any of -._~!$&'()+,=@");
            }
            if (component.runs() != runs) {
                throw new IllegalArgumentException("the " + word(kind) + " with id " + component.id()
                        + " was built with other runs than the server: give both the same runs(..)");
            }
            if (byId.put(component.id(), component) != null) {
                throw new IllegalArgumentException("two of the " + word(kind) + "s have the id \"" + component.id()
                        + "\": give one of them another name or id");
            }
        }
        all.put(kind, byId);
    }

    /** Whether a path and a scope such as {@code agents:writer:run} can hold an id as it is. */
    private static boolean isInPath(String id) {
        return IN_PATH.matcher(id).matches() && id.chars().anyMatch(Character::isLetterOrDigit);
    }

    private static String word(ComponentKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** @throws Problem 404 if there is no such component */
    public Component get(ComponentKind kind, String id) {
        var component = of(kind).get(id);
        if (component == null) {
            throw Problem.notFound(title(kind) + " not found");
        }
        return component;
    }

    /** {@code Agent}, {@code Team} or {@code Workflow}. */
    public static String title(ComponentKind kind) {
        var word = word(kind);
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    private Map<String, Component> of(ComponentKind kind) {
        return all.getOrDefault(kind, Map.of());
    }

    public Collection<Component> all(ComponentKind kind) {
        return of(kind).values();
    }

    public boolean has(ComponentKind kind, String id) {
        return of(kind).containsKey(id);
    }
}
