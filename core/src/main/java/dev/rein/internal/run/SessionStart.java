package dev.rein.internal.run;

import dev.rein.internal.storing.SessionLoader;
import dev.rein.internal.storing.StoreWriter;
import dev.rein.session.Session;
import dev.rein.session.StoredRun;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a root run takes over from its session when it begins to work. */
final class SessionStart {
    private SessionStart() {}

    /**
     * Fills the session state of a run.
     *
     * @return the earlier runs of its session that its plan asks for, oldest first
     */
    static List<StoredRun> load(Run run) throws Exception {
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
        return loaded.runs().stream()
                .filter(each -> each.createdAt().isBefore(run.identity().createdAt()))
                .toList();
    }
}
