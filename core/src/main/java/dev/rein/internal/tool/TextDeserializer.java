package dev.rein.internal.tool;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.time.DateTimeException;

/** Deserializes a type that is represented as a formatted string. */
final class TextDeserializer<T> extends StdScalarDeserializer<T> {
    private static final long serialVersionUID = 1L;

    private final transient TextType<T> type;

    TextDeserializer(TextType<T> type) {
        super(type.type());
        this.type = type;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            try {
                return type.parse().apply(parser.getText().strip());
            } catch (DateTimeException | IllegalArgumentException invalid) {
                return context.reportInputMismatch(handledType(), "invalid format");
            }
        }
        return context.reportInputMismatch(handledType(), "not a string");
    }
}
