package dev.rein.spring;

import dev.rein.run.CallInterceptor;
import dev.rein.run.RunInfo;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Carries the thread locals that Micrometer's context propagation knows, such as observations, from the thread that starts a run to
 * the calls of the run. Thread-safe.
 */
final class ThreadLocalsInterceptor implements CallInterceptor {
    /** Left to {@link SecurityContextInterceptor}. */
    private static final String SECURITY = "org.springframework.security.core.context.SecurityContext";

    private final ContextSnapshotFactory factory;
    private final List<ContextSnapshot> snapshots;

    ThreadLocalsInterceptor() {
        this(
                ContextSnapshotFactory.builder()
                        .captureKeyPredicate(key -> !SECURITY.equals(key))
                        .build(),
                List.of());
    }

    private ThreadLocalsInterceptor(ContextSnapshotFactory factory, List<ContextSnapshot> snapshots) {
        this.factory = factory;
        this.snapshots = snapshots;
    }

    /** What the thread of a run below another one does not have is that of the other one. */
    @Override
    public CallInterceptor forRun(RunInfo run) {
        var all = new ArrayList<>(snapshots);
        all.add(factory.captureAll());
        return new ThreadLocalsInterceptor(factory, List.copyOf(all));
    }

    @Override
    public <T extends @Nullable Object> T intercept(Call call, Callable<T> code) throws Exception {
        var scopes = new ArrayDeque<ContextSnapshot.Scope>();
        try {
            for (var snapshot : snapshots) {
                scopes.push(snapshot.setThreadLocals());
            }
            return code.call();
        } finally {
            scopes.forEach(ContextSnapshot.Scope::close);
        }
    }
}
