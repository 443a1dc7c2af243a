package dev.rein.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
 * Or a JSON schema, of which there is no Java type; see {@link #ofSchema(JsonNode)}. Immutable and thread-safe. Two are equal if their types
 * and schemas are.
 *
 * @param <T> the type
 */
public abstract class TypeRef<T> {
    private static final int MAX_SCHEMA_LENGTH = 1 << 18;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Type type;
    private final @Nullable String schema;
    private final @Nullable String title;

    /** @throws IllegalStateException if the subclass gives no type */
    protected TypeRef() {
        if (!(getClass().getGenericSuperclass() instanceof ParameterizedType superclass)
                || superclass.getRawType() != TypeRef.class) {
            throw new IllegalStateException(getClass().getName()
                    + " gives no type: write new TypeRef<List<Story>>() {}, with the type you need");
        }
        type = superclass.getActualTypeArguments()[0];
        schema = null;
        title = null;
    }

    private TypeRef(Class<T> type, @Nullable String schema, @Nullable String title) {
        this.schema = schema;
        this.title = title;
        this.type = Objects.requireNonNull(type, "the type is null: give the class of the answer, such as Story.class");
    }

    /** Returns the type of a class. A generic one needs a subclass instead. */
    public static <T> TypeRef<T> of(Class<T> type) {
        return new OfClass<>(type);
    }

    /**
     * Returns the type of answers that match a JSON schema. Their values are Jackson's {@link JsonNode}s.
     *
     * @param schema an object; its {@code title} is the name of the schema for the model. The keywords for types, properties, items, constants,
     *     alternatives, numbers, lengths and patterns are checked, others are for the model only. References are within the schema.
     * @throws IllegalArgumentException if it is no object, or longer than 262,144 characters
     */
    public static TypeRef<JsonNode> ofSchema(JsonNode schema) {
        Objects.requireNonNull(schema, "the schema is null: give an object such as {\"type\": \"object\", ..}");
        var text = schema.toString();
        if (!schema.isObject()) {
            throw new IllegalArgumentException("the schema is " + brief(text)
                    + ": give a JSON object such as {\"type\": \"object\", \"properties\": {..}}");
        }
        if (text.length() > MAX_SCHEMA_LENGTH) {
            throw new IllegalArgumentException(
                    "the schema is " + text.length() + " characters long: give at most " + MAX_SCHEMA_LENGTH);
        }
        var title = schema.path("title").asText();
        return new OfSchema(text, title.isBlank() ? "answer" : title);
    }

    /**
     * Returns the type of answers that match a JSON schema; see {@link #ofSchema(JsonNode)}.
     *
     * @throws IllegalArgumentException if the text is not JSON of an object, or longer than 262,144 characters
     */
    public static TypeRef<JsonNode> ofSchema(String schema) {
        if (schema.length() > MAX_SCHEMA_LENGTH) {
            throw new IllegalArgumentException(
                    "the schema is " + schema.length() + " characters long: give at most " + MAX_SCHEMA_LENGTH);
        }
        try {
            return ofSchema(JSON.readTree(schema));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the schema is not JSON: " + brief(schema), e);
        }
    }

    private static String brief(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "...";
    }

    /** The type as in source code, without packages, such as {@code List<Story>}; of a JSON schema its title, or {@code answer} without one. */
    public final String name() {
        return title == null ? name(type) : title;
    }

    /** The JSON schema as text; null for a Java type. */
    public final @Nullable String schema() {
        return schema;
    }

    /** The type: a {@code Class}, or another one with type arguments. */
    public final Type type() {
        return type;
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof TypeRef<?> ref && type.equals(ref.type) && Objects.equals(schema, ref.schema);
    }

    @Override
    public final int hashCode() {
        return 31 * type.hashCode() + Objects.hashCode(schema);
    }

    /** The type as in source code, without packages, such as {@code List<Story>}; or the JSON schema, which begins with a brace. */
    @Override
    public final String toString() {
        return schema == null ? name(type) : schema;
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
            super(type, null, null);
        }
    }

    private static final class OfSchema extends TypeRef<JsonNode> {
        OfSchema(String schema, String title) {
            super(JsonNode.class, schema, title);
        }
    }
}
