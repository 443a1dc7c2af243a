package dev.rein.internal.tool;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.type.TypeFactory;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which Java types JSON can express. */
final class JsonTypes {
    static final TypeFactory TYPES = TypeFactory.defaultInstance();

    private static final Set<Class<?>> PLAIN = Set.of(
            Object.class,
            String.class,
            Boolean.class,
            Character.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            BigInteger.class,
            BigDecimal.class);

    private JsonTypes() {}

    /** The type with the type variables of {@code context}, a class that declares or inherits the member, filled in. */
    static JavaType resolve(Type type, JavaType context) {
        return TYPES.resolveMemberType(type, context.getBindings());
    }

    /** What an Optional holds; any other type itself. */
    static JavaType withoutOptional(JavaType type) {
        return type.hasRawClass(Optional.class) ? type.containedTypeOrUnknown(0) : type;
    }

    /**
     * Checks a type and all that it is made of.
     *
     * @param where what has the type, for the message
     * @return whether it contains itself
     * @throws IllegalArgumentException if JSON can't express it
     */
    static boolean check(JavaType type, String where) {
        return check(type, where, new ArrayDeque<>());
    }

    private static boolean check(JavaType type, String where, Deque<JavaType> inside) {
        var raw = type.getRawClass();
        if (isPlain(raw)) {
            return false;
        }
        if (type.isArrayType() && raw != byte[].class && raw != char[].class) {
            return check(type.getContentType(), where, inside);
        }
        if (type.isCollectionLikeType()) {
            return check(type.getContentType(), where, inside);
        }
        if (type.isMapLikeType() && Map.class.isAssignableFrom(raw)) {
            if (!type.getKeyType().hasRawClass(String.class)) {
                throw refused(type, where, "its keys must be strings, as in Map<String, ...>");
            }
            return check(type.getContentType(), where, inside);
        }
        if (!raw.isRecord()) {
            throw refused(
                    type,
                    where,
                    "use numbers, strings, booleans, enums, records, lists, maps with string keys, java.time types or "
                            + "Object; Optional only for a whole parameter or record component");
        }
        if (inside.contains(type)) {
            return true;
        }
        inside.push(type);
        var recursive = false;
        for (var component : raw.getRecordComponents()) {
            var at = where + ", component " + component.getName() + " of " + raw.getSimpleName();
            requireObjectWhenOptional(component, at);
            recursive |= check(withoutOptional(resolve(component.getGenericType(), type)), at, inside);
        }
        inside.pop();
        return recursive;
    }

    private static void requireObjectWhenOptional(RecordComponent component, String where) {
        requireObjectWhenOptional(component.getType(), ParamMetadata.required(component), where);
    }

    /** @throws IllegalArgumentException if a primitive may be left out, because then it would have no value */
    static void requireObjectWhenOptional(Class<?> type, boolean required, String where) {
        if (!required && type.isPrimitive()) {
            throw new IllegalArgumentException(where + " may be left out but is of type " + type.getName()
                    + ", which has no value for that: use Optional or the boxed type");
        }
    }

    private static boolean isPlain(Class<?> raw) {
        return (raw.isPrimitive() && raw != void.class)
                || PLAIN.contains(raw)
                || raw.isEnum()
                || JsonNode.class.isAssignableFrom(raw)
                || TextType.of(raw) != null;
    }

    private static IllegalArgumentException refused(JavaType type, String where, String wayOut) {
        var name = type.isArrayType() ? type.getRawClass().getTypeName() : type.toCanonical();
        return new IllegalArgumentException(where + ": type " + name + " can't be read from JSON: " + wayOut);
    }
}
