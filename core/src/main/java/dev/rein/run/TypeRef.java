package dev.rein.run;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A type with its type arguments, which a {@code Class} can't hold. Create an anonymous subclass, usually in a constant:
 *
 * {@snippet :
 * static final TypeRef<List<Story>> STORIES = new TypeRef<>() {};
 * List<Story> stories = agent.run("Three stories about dragons.", STORIES).value();
 * }
 *
 * Immutable and thread-safe. Two are equal if their types are.
 *
 * @param <T> the type
 */
public abstract class TypeRef<T> {
    private final Type type;

    /** @throws IllegalStateException if the subclass gives no type */
    protected TypeRef() {
        if (!(getClass().getGenericSuperclass() instanceof ParameterizedType superclass)
                || superclass.getRawType() != TypeRef.class) {
            throw new IllegalStateException(getClass().getName()
                    + " gives no type: write new TypeRef<List<Story>>() {}, with the type you need");
        }
        type = superclass.getActualTypeArguments()[0];
    }

    private TypeRef(Class<T> type) {
        this.type = Objects.requireNonNull(type, "the type is null: give the class of the answer, such as Story.class");
    }

    /** Returns the type of a class. A generic one needs a subclass instead. */
    public static <T> TypeRef<T> of(Class<T> type) {
        return new OfClass<>(type);
    }

    /** The type: a {@code Class}, or another one with type arguments. */
    public final Type type() {
        return type;
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof TypeRef<?> ref && type.equals(ref.type);
    }

    @Override
    public final int hashCode() {
        return type.hashCode();
    }

    /** The type as in source code, without packages, such as {@code List<Story>}. */
    @Override
    public final String toString() {
        return name(type);
    }

    private static String name(Type type) {
        return switch (type) {
            case Class<?> raw -> raw.getSimpleName();
            case ParameterizedType generic ->
                name(generic.getRawType())
                        + Arrays.stream(generic.getActualTypeArguments())
                                .map(TypeRef::name)
                                .collect(Collectors.joining(", ", "<", ">"));
            case GenericArrayType array -> name(array.getGenericComponentType()) + "[]";
            default -> type.getTypeName();
        };
    }

    private static final class OfClass<T> extends TypeRef<T> {
        OfClass(Class<T> type) {
            super(type);
        }
    }
}
