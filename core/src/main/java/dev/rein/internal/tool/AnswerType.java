package dev.rein.internal.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.TypeBindings;
import dev.rein.internal.schema.SchemaCheck;
import dev.rein.model.OutputSchema;
import dev.rein.run.TypeRef;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * A type of answers, with its schema for the request. The root of the schema is an object, because providers accept no other:
 * any other type is the only property of one. Immutable and thread-safe.
 */
public final class AnswerType {
    private static final String WRAPPED = "value";
    private static final int MAX_NAME_LENGTH = 64;

    /**
     * By class, or by the subclass of {@link TypeRef} that has the type: those belong to the loader of the user's code, which this
     * cache therefore doesn't keep.
     */
    private static final ClassValue<AnswerType> TYPES = new ClassValue<>() {
        @Override
        protected AnswerType computeValue(Class<?> key) {
            return new AnswerType(TypeRef.class.isAssignableFrom(key) ? argument(key) : key);
        }
    };

    private final JavaType type;
    private final boolean wrapped;
    private final OutputSchema schema;

    /** The schema of the value, which it must match beside its Java type; null for none but that of the type. */
    private final @Nullable JsonNode valueSchema;

    private AnswerType(Type declared) {
        JsonTypes.requireResolved(declared, TypeBindings.emptyBindings(), "output");
        type = JsonTypes.TYPES.constructType(declared);
        var recursive = JsonTypes.check(type, "output");
        valueSchema = null;
        wrapped = !JsonTypes.isObject(type);
        schema = new OutputSchema(
                schemaName(JsonTypes.name(type)),
                wrapped ? Schemas.wrapped(type, recursive, WRAPPED) : Schemas.ofAnswer(type, recursive));
    }

    private AnswerType(String givenSchema, String name) {
        type = JsonTypes.TYPES.constructType(JsonNode.class);
        try {
            valueSchema = ToolJson.MAPPER.readTree(givenSchema);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the schema is not valid JSON: " + ToolJson.describe(e), e);
        }
        wrapped = !valueSchema.path("type").asText().equals("object");
        if (wrapped && givenSchema.contains("\"$ref\":\"#\"")) {
            throw new IllegalArgumentException(
                    "the schema refers to itself with \"$ref\": \"#\" and its type is not object: give it"
                            + " \"type\": \"object\", or put what it refers to into $defs");
        }
        schema = new OutputSchema(
                schemaName(name), wrapped ? Schemas.wrapped((ObjectNode) valueSchema, WRAPPED) : valueSchema);
    }

    private static Type argument(Class<?> ref) {
        return ((ParameterizedType) ref.getGenericSuperclass()).getActualTypeArguments()[0];
    }

    /** A name that providers accept: a Java name may contain other letters, and brackets. */
    private static String schemaName(String name) {
        var accepted = name.replaceAll("[^A-Za-z0-9_-]", "_");
        return accepted.length() <= MAX_NAME_LENGTH ? accepted : accepted.substring(0, MAX_NAME_LENGTH);
    }

    /** @throws IllegalArgumentException if the type can't be expressed in JSON */
    public static AnswerType of(TypeRef<?> ref) {
        if (ref.schema() != null) {
            return new AnswerType(ref.schema(), ref.name());
        }
        return TYPES.get(ref.type() instanceof Class<?> raw ? raw : ref.getClass());
    }

    /** The schema of the answer. Shared: copy it before modifying it. */
    public OutputSchema schema() {
        return schema;
    }

    /** Whether the type is String. */
    public boolean isText() {
        return type.hasRawClass(String.class);
    }

    /**
     * Checks a value against the schema that was given in place of a Java type.
     *
     * @throws IllegalArgumentException if it does not match; the message is meant for the model
     */
    void check(JsonNode value) {
        if (valueSchema != null) {
            var problems = SchemaCheck.problems(value, valueSchema);
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", problems));
            }
        }
    }

    JavaType type() {
        return type;
    }

    /** The property that the value is expected in; empty if it is the answer itself. */
    String property(JsonNode answer) {
        return isWrapped(answer) ? WRAPPED : "";
    }

    /** The value of an answer. Models that are not held to the schema often leave the object around it out. */
    JsonNode unwrapped(JsonNode answer) {
        return isWrapped(answer) ? answer.path(WRAPPED) : answer;
    }

    private boolean isWrapped(JsonNode answer) {
        return wrapped && answer instanceof ObjectNode object && object.size() == 1 && object.has(WRAPPED);
    }

    /** The type for error messages. */
    @Override
    public String toString() {
        return valueSchema == null ? JsonTypes.name(type) : "JSON of the schema \"" + schema.name() + "\"";
    }
}
