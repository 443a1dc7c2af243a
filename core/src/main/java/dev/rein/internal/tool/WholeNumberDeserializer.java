package dev.rein.internal.tool;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.math.BigDecimal;

/** Reads a whole number, also one written as {@code 3.0}, which some models do; a fraction is refused, not cut off. */
final class WholeNumberDeserializer<T> extends StdScalarDeserializer<T> {
    private static final long serialVersionUID = 1L;

    // Without it 1e999999999 would be written out digit by digit.
    private static final long MOST_DIGITS = 1_000;

    private final transient Exact<T> exact;

    WholeNumberDeserializer(Class<T> type, Exact<T> exact) {
        super(type);
        this.exact = exact;
    }

    /** Turns a number into the type, or throws ArithmeticException. */
    interface Exact<T> {
        T of(BigDecimal number);
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        var token = parser.currentToken();
        if (token == JsonToken.VALUE_NUMBER_INT || (token == JsonToken.VALUE_NUMBER_FLOAT && !parser.isNaN())) {
            var number = parser.getDecimalValue();
            if ((long) number.precision() - number.scale() <= MOST_DIGITS) {
                try {
                    return exact.of(number);
                } catch (ArithmeticException refused) {
                    return context.reportInputMismatch(handledType(), refused.getMessage());
                }
            }
        }
        return context.reportInputMismatch(handledType(), "not a whole number of this size");
    }

    @Override
    public T getNullValue(DeserializationContext context) throws JsonMappingException {
        return handledType().isPrimitive()
                ? context.reportInputMismatch(handledType(), "null")
                : super.getNullValue(context);
    }
}
