package dev.rein.spring;

import dev.rein.run.CallInterceptor;
import dev.rein.run.RunInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Carries the logging context of the thread that starts a run to the calls of the run, with the ids of the run and its session.
 * Thread-safe.
 */
final class MdcInterceptor implements CallInterceptor {
    static final String RUN = "run_id";
    static final String SESSION = "session_id";

    private final Map<String, String> context;

    MdcInterceptor() {
        this(Map.of());
    }

    private MdcInterceptor(Map<String, String> context) {
        this.context = context;
    }

    /** A run below another one, which the thread of that may start outside of any call, has the context of that too. */
    @Override
    public CallInterceptor forRun(RunInfo run) {
        var all = new HashMap<>(context);
        var current = MDC.getCopyOfContextMap();
        if (current != null) {
            all.putAll(current);
        }
        all.put(RUN, run.runId());
        if (run.sessionId() == null) {
            all.remove(SESSION);
        } else {
            all.put(SESSION, run.sessionId());
        }
        return new MdcInterceptor(all);
    }

    @Override
    public <T extends @Nullable Object> T intercept(Call call, Callable<T> code) throws Exception {
        var before = MDC.getCopyOfContextMap();
        MDC.setContextMap(context);
        try {
            return code.call();
        } finally {
            if (before == null) {
                MDC.clear();
            } else {
                MDC.setContextMap(before);
            }
        }
    }
}
