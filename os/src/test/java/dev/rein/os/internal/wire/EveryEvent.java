package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.run.event.RunEvent;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Creates an instance of every event record, with all optional values either present or absent. */
final class EveryEvent {
    static final String TEXT =
            "a\u2028b\u2029c\u0085d\u000be\u000cf\u001cg\u001dh\u001ei\nj\rk\"l\\m\uD83D\uDC09n\uD83D";

    private final boolean full;
    private int depth;

    private EveryEvent(boolean full) {
        this.full = full;
    }

    /** @param full whether optional values are present */
    static List<RunEvent> all(boolean full) {
        return records(RunEvent.class)
                .map(type -> (RunEvent) new EveryEvent(full).make(type))
                .toList();
    }

    private static Stream<Class<?>> records(Class<?> type) {
        return type.isRecord()
                ? Stream.of(type)
                : Arrays.stream(type.getPermittedSubclasses()).flatMap(EveryEvent::records);
    }

    private Object make(Class<?> record) {
        depth++;
        try {
            var components = record.getRecordComponents();
            var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            var values = Arrays.stream(components).map(this::value).toArray();
            return record.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("can't make a " + record, e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("can't make a " + record, e);
        } finally {
            depth--;
        }
    }

    private @Nullable Object value(RecordComponent component) {
        var nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        if (nullable && (!full || component.getType() == Throwable.class)) {
            return null;
        }
        // A position in a workflow is never empty.
        return component.getName().equals("index") && component.getType() == List.class
                ? List.of(1)
                : value(component.getType(), component.getGenericType());
    }

    private Object value(Class<?> type, Type generic) {
        if (type == String.class) {
            return TEXT;
        } else if (type == List.class) {
            var of = ((ParameterizedType) generic).getActualTypeArguments()[0];
            var list = new ArrayList<Object>();
            if (full && depth < 4) {
                list.add(value((Class<?>) of, of));
            }
            return list;
        } else if (type == Map.class) {
            return full ? Map.of("data", TEXT, "event", 1, "run_id", true, "mine", List.of(TEXT)) : Map.of();
        } else if (type == boolean.class) {
            return full;
        } else if (type == int.class || type == Integer.class) {
            return 3;
        } else if (type == long.class) {
            return 7L;
        } else if (type == double.class || type == Double.class) {
            return 0.25;
        } else if (type == Duration.class) {
            return Duration.ofMillis(1_500);
        } else if (type == Instant.class) {
            return Instant.ofEpochSecond(1_795_249_872, 500_000_000);
        } else if (type.isEnum()) {
            return type.getEnumConstants()[0];
        } else if (type == dev.rein.model.Image.class) {
            return new dev.rein.model.Image("data:image/png;base64,AAAA");
        } else if (type == Object.class) {
            return TEXT;
        } else if (type == JsonNode.class) {
            var schema = WireJson.object().put("type", "object");
            schema.withObject("/properties/" + TEXT).put("type", "integer").put("description", TEXT);
            return schema;
        }
        return make(type);
    }
}
