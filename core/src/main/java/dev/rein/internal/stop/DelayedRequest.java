package dev.rein.internal.stop;

import dev.rein.cancel.CancelRequest;
import org.jspecify.annotations.Nullable;

/** The earliest of the requests of mode NOW that a scope is to receive later. Guarded by the tree's lock. */
final class DelayedRequest {
    private final Scope scope;
    private final Alarm alarm;
    private @Nullable CancelRequest request;
    private long at;

    DelayedRequest(Scope scope) {
        this.scope = scope;
        this.alarm = new Alarm(scope, this::due);
    }

    /** @param instant as {@link System#nanoTime} */
    void set(long instant, CancelRequest later) {
        if (request == null || instant - at < 0) {
            request = later;
            at = instant;
            alarm.set(instant);
        }
    }

    void clear() {
        alarm.clear();
    }

    private void due() {
        var due = request;
        request = null;
        if (due != null) {
            scope.request(due);
        }
    }
}
