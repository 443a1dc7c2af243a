package dev.rein.internal.tool;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.Map;

/** Makes Jackson reject missing and null fields of plain classes, unless they are optional, as it does for records. */
final class RequiredFields extends BeanDeserializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public JsonDeserializer<?> modifyDeserializer(
            DeserializationConfig config, BeanDescription description, JsonDeserializer<?> deserializer) {
        var type = description.getBeanClass();
        return Beans.isBean(type) ? new Checking(deserializer, Beans.fields(type)) : deserializer;
    }

    // Never serialized: Jackson's base class declares it.
    @SuppressWarnings("serial")
    private static final class Checking extends DelegatingDeserializer {
        private static final long serialVersionUID = 1L;

        private final Map<String, Field> fields;

        Checking(JsonDeserializer<?> delegate, Map<String, Field> fields) {
            super(delegate);
            this.fields = fields;
        }

        @Override
        protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> newDelegate) {
            return new Checking(newDelegate, fields);
        }

        @Override
        public Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            JsonNode node = context.readTree(parser);
            if (node.isObject()) {
                for (var field : fields.entrySet()) {
                    if (!node.hasNonNull(field.getKey()) && ParamMetadata.required(field.getValue())) {
                        var missing = MismatchedInputException.from(
                                parser, field.getValue().getType(), "\"" + field.getKey() + "\" is missing");
                        missing.prependPath(handledType(), field.getKey());
                        throw missing;
                    }
                }
            }
            try (var again = node.traverse(parser.getCodec())) {
                again.nextToken();
                return super.deserialize(again, context);
            }
        }
    }
}
