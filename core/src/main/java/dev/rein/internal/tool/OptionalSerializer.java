package dev.rein.internal.tool;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.Optional;

/** Serializes the value of an Optional, or null if it is empty. */
@SuppressWarnings("rawtypes")
final class OptionalSerializer extends StdSerializer<Optional> {
    private static final long serialVersionUID = 1L;

    OptionalSerializer() {
        super(Optional.class);
    }

    @Override
    public void serialize(Optional value, JsonGenerator generator, SerializerProvider provider) throws IOException {
        provider.defaultSerializeValue(value.isPresent() ? value.get() : null, generator);
    }
}
