package dev.rein.store;

import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelStage;
import dev.rein.model.FinishReason;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunStatus;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands for values that this version does not know, because a later one has written them. */
final class UnknownValues extends DeserializationProblemHandler {
    private static final Map<Class<?>, Enum<?>> KNOWN = Map.of(
            ComponentKind.class, ComponentKind.AGENT,
            FinishReason.class, FinishReason.OTHER,
            CancelKind.class, CancelKind.USER,
            // A stop whose mode is unknown is a stop all the same.
            CancelMode.class, CancelMode.NOW);

    @Override
    public @Nullable Object handleWeirdStringValue(
            DeserializationContext context, Class<?> type, String value, String message) throws IOException {
        if (type == CancelStage.class) {
            return null;
        }
        var known = KNOWN.get(type);
        return known == null ? NOT_HANDLED : known;
    }

    static ComponentKind kind(String name) {
        return of(ComponentKind.class, name, ComponentKind.AGENT);
    }

    static FinishReason finishReason(String name) {
        return of(FinishReason.class, name, FinishReason.OTHER);
    }

    static CancelMode mode(String name) {
        return of(CancelMode.class, name, CancelMode.NOW);
    }

    /** @param hasEnded whether the run has ended, which later statuses do not change */
    static RunStatus status(String name, boolean hasEnded) {
        return of(RunStatus.class, name, hasEnded ? RunStatus.ERROR : RunStatus.RUNNING);
    }

    private static <E extends Enum<E>> E of(Class<E> type, String name, E unknown) {
        try {
            return Enum.valueOf(type, name);
        } catch (IllegalArgumentException e) {
            return unknown;
        }
    }
}
