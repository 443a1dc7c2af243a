package dev.rein.internal.tool;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.TypeBindings;
import com.fasterxml.jackson.databind.type.TypeFactory;
import java.io.InputStream;
import java.io.Reader;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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
        if (raw.getTypeParameters().length > 0 && type.getBindings().isEmpty()) {
            throw new IllegalArgumentException(where + ": " + raw.getSimpleName()
                    + " is generic and given without its type arguments, so nobody knows what it contains: declare it as "
                    + raw.getSimpleName() + "<..>, and as the type of an answer give new TypeRef<" + raw.getSimpleName()
                    + "<..>>() {}");
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
        if (enclosing.contains(type)) {
            return true;
        }
        enclosing.push(type);
        var recursive = checkObject(type, where, enclosing);
        enclosing.pop();
        return recursive;
    }

    private static boolean checkObject(JavaType type, String where, Deque<JavaType> enclosing) {
        var raw = type.getRawClass();
        var recursive = false;
        var subtypes = Subtypes.of(raw);
        if (subtypes != null) {
            var problem = subtypes.problem(raw);
            if (problem != null) {
                throw unsupported(type, where, problem);
            }
            for (var subtype : subtypes.names().keySet()) {
                recursive |= check(TYPES.constructSpecializedType(type, subtype), where, enclosing);
            }
        } else if (raw.isRecord()) {
            for (var component : raw.getRecordComponents()) {
                var at = where + ", component " + component.getName() + " of " + raw.getSimpleName();
                requireObjectWhenOptional(component.getType(), ParamMetadata.required(component), at);
                recursive |= checkMember(component.getGenericType(), type, at, enclosing);
            }
        } else {
            var problem = Beans.problem(type);
            if (problem != null) {
                throw unsupported(type, where, problem);
            }
            for (var field : Beans.fields(raw).values()) {
                var at = where + ", field " + field.getName() + " of " + raw.getSimpleName();
                requireObjectWhenOptional(field.getType(), ParamMetadata.required(field), at);
                var declaring = type.findSuperType(field.getDeclaringClass());
                recursive |= checkMember(field.getGenericType(), declaring, at, enclosing);
            }
        }
        return recursive;
    }

    private static boolean checkMember(Type member, JavaType owner, String where, Deque<JavaType> enclosing) {
        return check(withoutOptional(resolve(member, owner)), where, enclosing);
    }

    /** Whether a supported type is an object in JSON, other than one of several. */
    static boolean isObject(JavaType type) {
        var raw = type.getRawClass();
        return type.isMapLikeType()
                || raw == ObjectNode.class
                || (!isPlain(raw) && !type.isContainerType() && Subtypes.of(raw) == null);
    }

    /** The type as in source code, without packages, such as {@code List<Story>}. */
    static String name(JavaType type) {
        if (type.isArrayType()) {
            return name(type.getContentType()) + "[]";
        }
        var arguments = type.getBindings().getTypeParameters();
        return type.getRawClass().getSimpleName()
                + (arguments.isEmpty()
                        ? ""
                        : arguments.stream().map(JsonTypes::name).collect(Collectors.joining(", ", "<", ">")));
    }

    /**
     * Checks that the type variables of a type are known.
     *
     * @param known those of the class that it belongs to
     * @throws IllegalArgumentException if one is not
     */
    static void requireResolved(Type type, TypeBindings known, String where) {
        switch (type) {
            case TypeVariable<?> variable -> {
                if (variable.getGenericDeclaration() instanceof Method
                        || known.findBoundType(variable.getName()) == null) {
                    throw new IllegalArgumentException(where + ": the type of " + variable
                            + " is not known at run time: give a type without type variables, such as List<Story>");
                }
            }
            case ParameterizedType generic -> {
                for (var argument : generic.getActualTypeArguments()) {
                    requireResolved(argument, known, where);
                }
            }
            case WildcardType wildcard -> requireResolved(wildcard.getUpperBounds()[0], known, where);
            case GenericArrayType array -> requireResolved(array.getGenericComponentType(), known, where);
            default -> {}
        }
    }

    /** @throws IllegalArgumentException if the type is primitive and optional, because a primitive has no value for absence */
    static void requireObjectWhenOptional(Class<?> type, boolean required, String where) {
        if (!required && type.isPrimitive()) {
            throw new IllegalArgumentException(where + " is optional but of the primitive type " + type.getName()
                    + ": use Optional or the boxed type");
        }
    }

    /** Whether the objects of a class have neither properties nor a text of their own, so that a model can learn nothing from them. */
    static boolean isOpaque(Class<?> type) {
        if (type.isPrimitive()
                || type.isArray()
                || type.isInterface()
                || type == Object.class
                || Modifier.isAbstract(type.getModifiers())
                || InputStream.class.isAssignableFrom(type)
                || Reader.class.isAssignableFrom(type)
                || ToolJson.hasText(type)) {
            return false;
        }
        var config = ToolJson.MAPPER.getSerializationConfig();
        var bean = config.introspect(TYPES.constructType(type));
        return bean.findProperties().isEmpty() && bean.findJsonValueAccessor() == null && bean.findAnyGetter() == null;
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
