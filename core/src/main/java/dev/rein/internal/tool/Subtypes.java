package dev.rein.internal.tool;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The subtypes of a sealed type, or of one with {@link JsonSubTypes}, and the property that tells them apart in JSON. Immutable.
 *
 * @param property the name of the property, {@code type} unless {@link JsonTypeInfo} gives another one
 * @param names the values of the property: the simple names of the classes, unless annotations give others
 */
record Subtypes(String property, Map<Class<?>, String> names) {
    private static final String PROPERTY = "type";

    private static final ClassValue<List<Subtypes>> OF = new ClassValue<>() {
        @Override
        protected List<Subtypes> computeValue(Class<?> type) {
            return read(type);
        }
    };

    /** The subtypes of a type; null if it has none that are known. */
    static @Nullable Subtypes of(Class<?> type) {
        var found = OF.get(type);
        return found.isEmpty() ? null : found.getFirst();
    }

    /** The subtypes that a class is one of; null if it is none. */
    static @Nullable Subtypes containing(Class<?> subtype) {
        for (Class<?> each = subtype; each != null; each = each.getSuperclass()) {
            for (var parent : each.getInterfaces()) {
                var found = within(parent, subtype);
                if (found != null) {
                    return found;
                }
            }
            var found = within(each, subtype);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable Subtypes within(Class<?> type, Class<?> subtype) {
        // The outermost type decides: its subtypes include those of the ones below it.
        for (var parent : type.getInterfaces()) {
            var found = within(parent, subtype);
            if (found != null) {
                return found;
            }
        }
        var own = of(type);
        return own != null && own.names.containsKey(subtype) ? own : null;
    }

    private static List<Subtypes> read(Class<?> type) {
        var annotated = type.getAnnotation(JsonSubTypes.class);
        var isSealed = type.isSealed() && !type.isEnum() && Modifier.isAbstract(type.getModifiers());
        if (!isSealed && annotated == null) {
            return List.of();
        }
        var names = new LinkedHashMap<Class<?>, String>();
        if (annotated != null) {
            for (var each : annotated.value()) {
                names.put(each.value(), each.name().isEmpty() ? name(each.value()) : each.name());
            }
        } else {
            addLeaves(type, names);
        }
        var info = type.getAnnotation(JsonTypeInfo.class);
        return List.of(new Subtypes(
                info == null || info.property().isEmpty() ? PROPERTY : info.property(),
                // In the order of the source, because providers cache prompts by prefix.
                Collections.unmodifiableMap(names)));
    }

    private static void addLeaves(Class<?> type, Map<Class<?>, String> names) {
        for (var permitted : Objects.requireNonNull(type.getPermittedSubclasses())) {
            if (permitted.isSealed() && !permitted.isEnum() && Modifier.isAbstract(permitted.getModifiers())) {
                addLeaves(permitted, names);
            } else {
                names.put(permitted, name(permitted));
            }
        }
    }

    private static String name(Class<?> type) {
        var annotation = type.getAnnotation(JsonTypeName.class);
        return annotation == null || annotation.value().isEmpty() ? type.getSimpleName() : annotation.value();
    }

    /** The reason why JSON can't tell the subtypes apart; null if there is none. */
    @Nullable
    String problem(Class<?> type) {
        var info = type.getAnnotation(JsonTypeInfo.class);
        if (info != null
                && (!List.of(JsonTypeInfo.Id.NAME, JsonTypeInfo.Id.SIMPLE_NAME).contains(info.use())
                        || info.include() != JsonTypeInfo.As.PROPERTY)) {
            return "its @JsonTypeInfo must be use = NAME and include = PROPERTY";
        }
        if (names.values().stream().distinct().count() < names.size()) {
            return "two of its subtypes have the same name: give them different ones with @JsonTypeName";
        }
        for (var subtype : names.keySet()) {
            if (subtype.isEnum()) {
                return "its subtype " + subtype.getSimpleName()
                        + " is an enum, whose JSON has no room for the name of the" + " subtype: make it a record";
            }
            if (TypeDescriptions.names(subtype).contains(property)) {
                return "its subtype " + subtype.getSimpleName() + " has a property \"" + property
                        + "\", which is the name of the property that tells the subtypes apart: rename it, or choose another"
                        + " name for that with @JsonTypeInfo(use = NAME, property = \"kind\")";
            }
        }
        return null;
    }
}
