package dev.rein.internal.tool;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.lang.reflect.Array;
import java.util.ArrayList;

/** Deserializes an array of primitive numbers like {@link NumberDeserializer}; Jackson's own truncates fractions. */
final class NumberArrayDeserializer<A> extends StdDeserializer<A> {
    private static final long serialVersionUID = 1L;

    private final Class<A> type;

    NumberArrayDeserializer(Class<A> type) {
        super(type);
        this.type = type;
    }

    @Override
    public A deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (!parser.isExpectedStartArrayToken()) {
            return context.reportInputMismatch(type, "not a list");
        }
        var numbers = new ArrayList<Object>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            try {
                numbers.add(context.readValue(parser, type.componentType()));
            } catch (JsonMappingException e) {
                e.prependPath(type, numbers.size());
                throw e;
            }
        }
        var array = type.cast(Array.newInstance(type.componentType(), numbers.size()));
        for (int i = 0; i < numbers.size(); i++) {
            Array.set(array, i, numbers.get(i));
        }
        return array;
    }
}
