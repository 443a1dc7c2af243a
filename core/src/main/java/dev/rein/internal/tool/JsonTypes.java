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

/** Checks which Java types can be expressed in JSON. */
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

    /** Resolves the type variables of a member's type in {@code context}, a class that declares or inherits the member. */
    static JavaType resolve(Type type, JavaType context) {
        return TYPES.resolveMemberType(type, context.getBindings());
    }

    /** The content type of an Optional; any other type unchanged. */
    static JavaType withoutOptional(JavaType type) {
        return type.hasRawClass(Optional.class) ? type.containedTypeOrUnknown(0) : type;
    }

    /**
     * Checks a type and its component types.
     *
     * @param where the element with this type, for the error message
     * @return whether the type is recursive
     * @throws IllegalArgumentException if the type can't be expressed in JSON
     */
    static boolean check(JavaType type, String where) {
        return check(type, where, new ArrayDeque<>());
    }

    private static boolean check(JavaType type, String where, Deque<JavaType> enclosing) {
        var raw = type.getRawClass();
        if (isPlain(raw)) {
            return false;
        }
        if (type.isArrayType() && raw != byte[].class && raw != char[].class) {
            return check(type.getContentType(), where, enclosing);
        }
        if (type.isCollectionLikeType()) {
            return check(type.getContentType(), where, enclosing);
        }
        if (type.isMapLikeType() && Map.class.isAssignableFrom(raw)) {
            if (!type.getKeyType().hasRawClass(String.class)) {
                throw unsupported(type, where, "its keys must be strings, as in Map<String, ...>");
            }
            return check(type.getContentType(), where, enclosing);
        }
        if (!raw.isRecord()) {
            throw unsupported(
                    type,
                    where,
                    "use numbers, strings, booleans, enums, records, lists, maps with string keys, java.time types or "
                            + "Object; Optional only for a whole parameter or record component");
        }
        if (enclosing.contains(type)) {
            return true;
        }
        enclosing.push(type);
        var recursive = false;
        for (var component : raw.getRecordComponents()) {
            var at = where + ", component " + component.getName() + " of " + raw.getSimpleName();
            requireObjectWhenOptional(component, at);
            recursive |= check(withoutOptional(resolve(component.getGenericType(), type)), at, enclosing);
        }
        enclosing.pop();
        return recursive;
    }

    private static void requireObjectWhenOptional(RecordComponent component, String where) {
        requireObjectWhenOptional(component.getType(), ParamMetadata.required(component), where);
    }

    /** @throws IllegalArgumentException if the type is primitive and optional, because a primitive has no value for absence */
    static void requireObjectWhenOptional(Class<?> type, boolean required, String where) {
        if (!required && type.isPrimitive()) {
            throw new IllegalArgumentException(where + " is optional but of the primitive type " + type.getName()
                    + ": use Optional or the boxed type");
        }
    }

    private static boolean isPlain(Class<?> raw) {
        return (raw.isPrimitive() && raw != void.class)
                || PLAIN.contains(raw)
                || raw.isEnum()
                || JsonNode.class.isAssignableFrom(raw)
                || TextType.of(raw) != null;
    }

    private static IllegalArgumentException unsupported(JavaType type, String where, String hint) {
        var name = type.isArrayType() ? type.getRawClass().getTypeName() : type.toCanonical();
        return new IllegalArgumentException(where + ": type " + name + " can't be read from JSON: " + hint);
    }
}
