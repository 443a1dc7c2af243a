package dev.rein.internal.tool;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import java.io.IOException;
import java.math.BigDecimal;

/**
 * Deserializes a number exactly. Of whole numbers this includes the form {@code 3.0} that some models write; fractions are rejected instead
 * of truncated. What has no number of the type is rejected too, such as 1e400 for a double, which would be infinite, and texts.
 */
final class NumberDeserializer<T> extends StdScalarDeserializer<T> {
    private static final long serialVersionUID = 1L;

    // Bounds the expansion of numbers such as 1e999999999.
    private static final long MAX_DIGITS = 1_000;

    private final transient Exact<T> exact;

    NumberDeserializer(Class<T> type, Exact<T> exact) {
        super(type);
        this.exact = exact;
    }

    /** Converts a number exactly; throws ArithmeticException if that is not possible. */
    interface Exact<T> {
        T of(BigDecimal number);
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        var token = parser.currentToken();
        if (token == JsonToken.VALUE_NUMBER_INT || (token == JsonToken.VALUE_NUMBER_FLOAT && !parser.isNaN())) {
            var number = parser.getDecimalValue();
            if ((long) number.precision() - number.scale() <= MAX_DIGITS) {
                try {
                    return exact.of(number);
                } catch (ArithmeticException e) {
                    return context.reportInputMismatch(handledType(), e.getMessage());
                }
            }
        }
        return context.reportInputMismatch(handledType(), "not a number of this kind and size");
    }

    /** A number has no subtypes, although its supertype in the JDK is sealed. */
    @Override
    public Object deserializeWithType(JsonParser parser, DeserializationContext context, TypeDeserializer types)
            throws IOException {
        return deserialize(parser, context);
    }

    @Override
    public T getNullValue(DeserializationContext context) throws JsonMappingException {
        return handledType().isPrimitive()
                ? context.reportInputMismatch(handledType(), "null")
                : super.getNullValue(context);
    }
}
