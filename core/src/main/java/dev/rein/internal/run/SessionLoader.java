package dev.rein.internal.run;

import dev.rein.session.Session;
import dev.rein.session.StoredRun;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a run needs of its session before it begins. */
final class SessionLoader {
    private static final Logger log = LoggerFactory.getLogger(SessionLoader.class);

    private SessionLoader() {}

    /**
     * Fills the session state of a run at the top of its tree.
     *
     * @return the earlier runs of its session, as far as its plan asks for them
     */
    static List<StoredRun> load(Run run) throws Exception {
        var loaded = loaded(run);
        var plan = run.plan();
        var resumed = plan.resumed();
        if (resumed == null) {
            Map<String, Object> fromSession =
                    loaded.session().map(Session::state).orElse(Map.of());
            run.state()
                    .load(
                            fromSession,
                            plan.component().sessionState(),
                            plan.options().sessionState());
        } else {
            run.state().resume(resumed.pause().state(), resumed.pause().changes());
        }
        return resumed == null
                ? loaded.runs()
                : loaded.runs().stream()
                        .filter(each -> each.createdAt().isBefore(run.createdAt()))
                        .toList();
    }

    /** A stop ends the wait. */
    private static StoreWriter.Loaded loaded(Run run) throws Exception {
        var storing = run.storing();
        var sessionId = run.sessionId();
        if (storing == null || sessionId == null) {
            return new StoreWriter.Loaded(Optional.empty(), List.of());
        }
        var reading = StoreWriter.of(storing.store())
                .load(storing.store(), sessionId, run.plan().history());
        // The store's thread is never interrupted: it may be in the middle of somebody else's write.
        try (var _ = run.scope().onCancel(() -> reading.cancel(false))) {
            return reading.get(Kernel.STORE_START_WAIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            run.scope().throwIfCancelled();
            if (storing.optional()) {
                log.warn("session {} could not be read; run {} goes on without it", sessionId, run.id(), e);
                return new StoreWriter.Loaded(Optional.empty(), List.of());
            }
            throw new IllegalStateException("session " + sessionId + " could not be read: " + e.getMessage(), e);
        }
    }
}
