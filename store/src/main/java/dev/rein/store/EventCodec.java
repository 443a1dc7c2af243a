package dev.rein.store;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import dev.rein.run.RunFailure;
import dev.rein.run.event.CustomEvent;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.EventType;
import dev.rein.run.event.Origin;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.StepProgress;
import dev.rein.text.PlainText;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes and reads batches of events as JSON: {@code {"events": [["RunStarted", {..}], ..], "origins": [..]}}. The origin, which all
 * events of a run share, is written once; the meta of an event consists of its origin's number, its index and its time.
 */
final class EventCodec {
    private static final String ORIGINS = "origins";

    private static final Logger log = LoggerFactory.getLogger(EventCodec.class);

    private static final JsonMapper JSON = JsonCodec.mapper()
            .addModule(new SimpleModule()
                    .addSerializer(new MetaWriter())
                    .addDeserializer(EventMeta.class, new MetaReader())
                    .addSerializer(new FailureWriter())
                    .addDeserializer(RunFailure.class, new FailureReader()))
            .build();

    private EventCodec() {}

    /** Accepts all events: a value that JSON can't represent is written as its {@code toString()}. */
    static String write(List<RunEvent> events) {
        try {
            return written(events);
        } catch (IOException e) {
            try {
                return written(events.stream().map(EventCodec::plain).toList());
            } catch (IOException again) {
                throw new IllegalArgumentException(
                        "an event can't be stored as JSON: " + PlainText.message(again), again);
            }
        }
    }

    private static String written(List<RunEvent> events) throws IOException {
        var origins = new ArrayList<Origin>();
        var writer = JSON.writer().withAttribute(ORIGINS, origins);
        var text = new StringWriter();
        try (var json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeArrayFieldStart("events");
            for (var event : events) {
                json.writeStartArray();
                json.writeString(event.type().storedName());
                writer.writeValue(json, event);
                json.writeEndArray();
            }
            json.writeEndArray();
            json.writeFieldName(ORIGINS);
            writer.writeValue(json, origins);
            json.writeEndObject();
        }
        return text.toString();
    }

    private static RunEvent plain(RunEvent event) {
        return switch (event) {
            case CustomEvent custom -> new CustomEvent(custom.meta(), custom.event(), plain(custom.data()));
            case StepProgress progress ->
                new StepProgress(progress.meta(), progress.step(), progress.content(), plain(progress.data()));
            default -> event;
        };
    }

    private static Map<String, Object> plain(Map<String, Object> data) {
        var plain = new HashMap<String, Object>();
        data.forEach((key, value) -> {
            try {
                plain.put(key, JSON.readTree(JSON.writeValueAsString(value)));
            } catch (JsonProcessingException e) {
                plain.put(key, String.valueOf(value));
            }
        });
        return plain;
    }

    /** Events that can't be read, such as those of a later version, are left out. */
    static List<RunEvent> read(String text) {
        try {
            var all = JSON.readTree(text);
            var origins = new ArrayList<Origin>();
            for (var origin : all.path(ORIGINS)) {
                origins.add(JSON.treeToValue(origin, Origin.class));
            }
            var reader = JSON.reader().withAttribute(ORIGINS, origins);
            var events = new ArrayList<RunEvent>();
            for (var event : all.path("events")) {
                var type = EventType.ofStoredName(event.path(0).asText());
                if (type != null) {
                    read(reader, event.path(1), type, events);
                }
            }
            return events;
        } catch (JsonProcessingException e) {
            log.warn("stored events can't be read, and are left out: {}", e.getOriginalMessage());
            return List.of();
        }
    }

    private static void read(ObjectReader reader, JsonNode event, EventType type, List<RunEvent> into) {
        try {
            into.add(reader.treeToValue(event, type.eventClass()));
        } catch (JsonProcessingException | RuntimeException e) {
            log.warn("a stored {} event can't be read, and is left out: {}", type.storedName(), e.getMessage());
        }
    }

    private static final class MetaWriter extends StdScalarSerializer<EventMeta> {
        private static final long serialVersionUID = 1L;

        MetaWriter() {
            super(EventMeta.class);
        }

        @Override
        @SuppressWarnings("unchecked")
        public void serialize(EventMeta meta, JsonGenerator json, SerializerProvider provider) throws IOException {
            var origins = (List<Origin>) provider.getAttribute(ORIGINS);
            var number = origins.indexOf(meta.origin());
            if (number < 0) {
                number = origins.size();
                origins.add(meta.origin());
            }
            json.writeStartArray();
            json.writeNumber(number);
            json.writeNumber(meta.index());
            json.writeNumber(JsonCodec.nanos(meta.createdAt()));
            json.writeEndArray();
        }
    }

    private static final class MetaReader extends StdScalarDeserializer<EventMeta> {
        private static final long serialVersionUID = 1L;

        MetaReader() {
            super(EventMeta.class);
        }

        @Override
        @SuppressWarnings("unchecked")
        public EventMeta deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            var origins = (List<Origin>) context.getAttribute(ORIGINS);
            JsonNode meta = parser.readValueAsTree();
            if (meta.size() < 3 || meta.path(0).asInt() >= origins.size()) {
                throw JsonMappingException.from(parser, "it has no origin, index and time");
            }
            return new EventMeta(
                    origins.get(meta.path(0).asInt()),
                    meta.path(1).asLong(),
                    JsonCodec.instant(meta.path(2).asLong()));
        }
    }

    /** The exception is left out: its class may not exist in another process. */
    private static final class FailureWriter extends StdScalarSerializer<RunFailure> {
        private static final long serialVersionUID = 1L;

        FailureWriter() {
            super(RunFailure.class);
        }

        @Override
        public void serialize(RunFailure failure, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeStartArray();
            json.writeString(failure.type());
            json.writeString(failure.message());
            if (failure.guardrail() != null) {
                json.writeString(failure.guardrail());
            }
            json.writeEndArray();
        }
    }

    private static final class FailureReader extends StdScalarDeserializer<RunFailure> {
        private static final long serialVersionUID = 1L;

        FailureReader() {
            super(RunFailure.class);
        }

        @Override
        public RunFailure deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            JsonNode failure = parser.readValueAsTree();
            return new RunFailure(
                    failure.path(0).asText(),
                    failure.path(1).asText(),
                    null,
                    failure.path(2).isTextual() ? failure.path(2).asText() : null);
        }
    }
}
