package dev.rein.internal.run;

import dev.rein.internal.storing.SessionLoader;
import dev.rein.internal.storing.StoreWriter;
import dev.rein.session.Session;
import dev.rein.session.StoredRun;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a run takes over from its session when it begins to work. */
final class SessionStart {
    private SessionStart() {}

    /**
     * Fills the session state of a root run.
     *
     * @return the earlier runs of its session that its plan asks for, oldest first; of a run below another one those of its component
     */
    static List<StoredRun> load(Run run) throws Exception {
        if (!run.isRoot()) {
            return ofComponent(run);
        }
        var plan = run.plan();
        var storing = run.storing();
        var sessionId = run.sessionId();
        var loaded = storing == null || sessionId == null
                ? new StoreWriter.Loaded(Optional.empty(), List.of())
                : SessionLoader.load(
                        storing, sessionId, plan.history(), run.id(), run.scope(), Admission.STORE_START_WAIT);
        var resumed = plan.resumed();
        if (resumed == null) {
            Map<String, Object> ofSession = loaded.session().map(Session::state).orElse(Map.of());
            run.state()
                    .load(
                            ofSession,
                            plan.component().sessionState(),
                            plan.options().sessionState());
            return loaded.runs();
        }
        run.state().restore(resumed.pause().state(), resumed.pause().changes());
        return before(run, loaded.runs());
    }

    private static List<StoredRun> ofComponent(Run run) throws Exception {
        var history = run.plan().history();
        var storing = run.storing();
        var sessionId = run.sessionId();
        if (history.runs() == 0 || storing == null || sessionId == null) {
            return List.of();
        }
        var own = history.ofComponent(run.origin().source(), run.origin().componentId());
        var loaded = SessionLoader.load(storing, sessionId, own, run.id(), run.scope(), Admission.STORE_START_WAIT);
        return before(run, loaded.runs());
    }

    /** Those that were there when a run was started, which another process may have done. */
    private static List<StoredRun> before(Run run, List<StoredRun> runs) {
        return runs.stream()
                .filter(each -> each.createdAt().isBefore(run.identity().createdAt()))
                .toList();
    }
}
