package dev.rein.os.internal.server;

import dev.rein.os.internal.route.Input;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Limits the memory of all request bodies and of the inputs of live runs together. Thread-safe. */
final class InputLimit extends Handler.Wrapper {
    /** Smaller inputs are released with their request: together they are bounded by the number of runs. */
    private static final int SMALL = 4 << 10;

    private final long most;

    /** Guarded by this. */
    private long used;

    /** The inputs that are kept after their requests. Guarded by this. */
    private final Set<Metered> kept = new HashSet<>();

    /**
     * @param most the limit in bytes
     * @param next handles the requests
     */
    InputLimit(long most, Handler next) {
        super(next);
        this.most = most;
    }

    /** Thrown while reading a body for which there is no room. */
    static final class ExceededException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private ExceededException(long most) {
            super(
                    "The requests and runs in progress hold " + most
                            + " bytes of input, which is the limit of this server: try again soon",
                    null,
                    false,
                    false);
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (request.getLength() == 0) {
            return super.handle(request, response, callback);
        }
        var metered = new Metered(request);
        request.setAttribute(Input.ATTRIBUTE, metered);
        Request.addCompletionListener(request, _ -> metered.completed());
        return super.handle(metered, response, callback);
    }

    /** The bytes in use. */
    synchronized long used() {
        releaseDone();
        return used;
    }

    private void releaseDone() {
        kept.removeIf(each -> {
            var done = each.done;
            if (done == null || !done.getAsBoolean()) {
                return false;
            }
            each.release();
            return true;
        });
    }

    /** A request whose body is counted. Its fields are guarded by the limit. */
    private final class Metered extends Request.Wrapper implements Input {
        private long bytes;
        private boolean isCompleted;
        private @Nullable BooleanSupplier done;

        Metered(Request wrapped) {
            super(wrapped);
        }

        @Override
        public Content.@Nullable Chunk read() {
            var chunk = super.read();
            if (chunk != null && !Content.Chunk.isFailure(chunk) && chunk.hasRemaining() && !take(chunk.remaining())) {
                chunk.release();
                return Content.Chunk.from(new ExceededException(most), true);
            }
            return chunk;
        }

        private boolean take(int more) {
            synchronized (InputLimit.this) {
                if (used + more > most) {
                    releaseDone();
                }
                if (used + more > most) {
                    return false;
                }
                used += more;
                bytes += more;
                return true;
            }
        }

        @Override
        public void keepUntil(BooleanSupplier condition) {
            synchronized (InputLimit.this) {
                if (bytes > SMALL) {
                    done = condition;
                    if (isCompleted) {
                        kept.add(this);
                    }
                }
            }
        }

        void completed() {
            synchronized (InputLimit.this) {
                isCompleted = true;
                if (done == null || done.getAsBoolean()) {
                    release();
                } else {
                    kept.add(this);
                }
            }
        }

        private void release() {
            used -= bytes;
            bytes = 0;
        }
    }
}
