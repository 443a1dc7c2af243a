package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunFailure;
import dev.rein.run.event.CustomEvent;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.Origin;
import dev.rein.run.event.RunEvent;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every event that there is comes back as it was. */
class EventCodecTest {
    private int counter;

    static List<Class<?>> types() {
        return of(RunEvent.class).toList();
    }

    private static Stream<Class<?>> of(Class<?> type) {
        return type.isRecord()
                ? Stream.of(type)
                : Stream.of(type.getPermittedSubclasses()).flatMap(EventCodecTest::of);
    }

    @ParameterizedTest
    @MethodSource("types")
    void anEventWithEverythingComesBack(Class<? extends RunEvent> type) throws Exception {
        var event = (RunEvent) record(type, true);
        assertThat(EventCodec.read(EventCodec.write(List.of(event)))).containsExactly(event);
    }

    @ParameterizedTest
    @MethodSource("types")
    void anEventWithAsLittleAsMayBeComesBack(Class<? extends RunEvent> type) throws Exception {
        var event = (RunEvent) record(type, false);
        assertThat(EventCodec.read(EventCodec.write(List.of(event)))).containsExactly(event);
    }

    @Test
    void eventsOfSeveralRunsKeepTheirOrigins() throws Exception {
        var events = new ArrayList<RunEvent>();
        for (var type : types()) {
            events.add((RunEvent) record(type, true));
            events.add((RunEvent) record(type, false));
        }
        assertThat(EventCodec.read(EventCodec.write(events))).isEqualTo(events);
    }

    @Test
    void whatJsonHasNoFormForIsStoredAsText() {
        var origin = new Origin(ComponentKind.AGENT, "a", null, "r", null, "r", null, 0, null);
        var event = new CustomEvent(
                new EventMeta(origin, 3, Instant.EPOCH), "mine", Map.of("bad", new Unwritable(), "good", List.of(1)));
        assertThat(EventCodec.read(EventCodec.write(List.of(event))))
                .containsExactly(new CustomEvent(
                        event.meta(), "mine", Map.of("bad", "it calls itself this", "good", List.of(1))));
    }

    private static final class Unwritable {
        @Override
        public String toString() {
            return "it calls itself this";
        }
    }

    // ---- values of any type

    private Object record(Class<?> type, boolean full) throws ReflectiveOperationException {
        if (type == RunFailure.class) {
            return new RunFailure("type " + counter++, "message", null);
        }
        var components = type.getRecordComponents();
        var types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        var values = new Object[components.length];
        for (var i = 0; i < values.length; i++) {
            values[i] = value(components[i].getAnnotatedType(), full);
        }
        var constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return constructor.newInstance(values);
    }

    private @Nullable Object value(AnnotatedType annotated, boolean full) throws ReflectiveOperationException {
        return !full && annotated.isAnnotationPresent(Nullable.class) ? null : value(annotated.getType(), full);
    }

    private Object value(Type type, boolean full) throws ReflectiveOperationException {
        if (type instanceof ParameterizedType generic) {
            if (generic.getRawType() == List.class) {
                return full
                        ? List.of(
                                value(generic.getActualTypeArguments()[0], false),
                                value(generic.getActualTypeArguments()[0], false))
                        : List.of();
            }
            return full ? Map.of("key " + counter++, List.of(1, "two", Map.of("three", true))) : Map.of();
        }
        var plain = (Class<?>) type;
        if (plain.isEnum()) {
            return plain.getEnumConstants()[counter++ % plain.getEnumConstants().length];
        }
        if (plain.isRecord()) {
            return plain.getSimpleName().equals("Image")
                    ? new dev.rein.model.Image("https://example.org/a.png")
                    : record(plain, full);
        }
        return switch (plain.getSimpleName()) {
            case "String" -> "text " + counter++ + " \" \u0000 🐉 torn \uD83D";
            case "JsonNode" ->
                JsonNodeFactory.instance.objectNode().put("type", "object").put("maximum", counter++);
            case "int", "Integer" -> counter++;
            case "long", "Long" -> (long) counter++;
            case "boolean", "Boolean" -> full;
            case "double", "Double" -> counter++ + 0.25;
            case "Instant" -> Instant.ofEpochSecond(1_700_000_000L + counter++, 123_456_789);
            case "Duration" -> Duration.ofNanos(1_500_000_000L + counter++);
            default -> throw new IllegalArgumentException("no value for " + type + ": add one here");
        };
    }
}
