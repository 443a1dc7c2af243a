package dev.rein.internal.result;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CacheProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.DefaultSerializerProvider;
import com.fasterxml.jackson.databind.ser.SerializerFactory;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.rein.internal.tool.ToolJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;

/** Writes results as JSON: streams as lists, and objects without properties by a {@code toString} of their own or not at all. */
final class ResultJson {
    private ResultJson() {}

    /** @param base the mapper for everything else, which is changed */
    static JsonMapper mapper(JsonMapper base) {
        var module = new SimpleModule("rein-results");
        module.addSerializer(BaseStream.class, new StreamSerializer());
        for (var type : new Class<?>[] {InputStream.class, Reader.class, Future.class}) {
            module.addSerializer(type, new RefusingSerializer());
        }
        base.registerModule(module);
        base.setSerializerProvider(new Provider());
        return base;
    }

    @SuppressWarnings("rawtypes")
    private static final class StreamSerializer extends StdSerializer<BaseStream> {
        private static final long serialVersionUID = 1L;

        StreamSerializer() {
            super(BaseStream.class);
        }

        @Override
        public void serialize(BaseStream stream, JsonGenerator generator, SerializerProvider provider)
                throws IOException {
            try (stream) {
                generator.writeStartArray();
                for (var all = stream.iterator(); all.hasNext(); ) {
                    provider.defaultSerializeValue(all.next(), generator);
                }
                generator.writeEndArray();
            }
        }
    }

    /** Refuses objects that have no form as JSON. */
    private static final class RefusingSerializer extends JsonSerializer<Object> {
        @Override
        public void serialize(Object value, JsonGenerator generator, SerializerProvider provider) throws IOException {
            provider.reportBadDefinition(
                    value.getClass(),
                    "a " + value.getClass().getName()
                            + " has no properties and no text of its own: return text, a record, a list or a map");
        }
    }

    private static final class TextSerializer extends JsonSerializer<Object> {
        @Override
        public void serialize(Object value, JsonGenerator generator, SerializerProvider provider) throws IOException {
            generator.writeString(value.toString());
        }
    }

    private static final class Provider extends DefaultSerializerProvider {
        private static final long serialVersionUID = 1L;

        Provider() {}

        private Provider(SerializerProvider source, SerializationConfig config, SerializerFactory factory) {
            super(source, config, factory);
        }

        private Provider(Provider source, CacheProvider caches) {
            super(source, caches);
        }

        @Override
        public DefaultSerializerProvider withCaches(CacheProvider caches) {
            return new Provider(this, caches);
        }

        @Override
        public DefaultSerializerProvider createInstance(SerializationConfig config, SerializerFactory factory) {
            return new Provider(this, config, factory);
        }

        @Override
        public JsonSerializer<Object> getUnknownTypeSerializer(Class<?> type) {
            return ToolJson.hasText(type) ? new TextSerializer() : new RefusingSerializer();
        }
    }
}
