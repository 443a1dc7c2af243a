package dev.rein.os.internal.sessions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.os.internal.route.HttpCall;
import dev.rein.os.internal.route.Param;
import dev.rein.os.internal.route.Problem;
import dev.rein.os.internal.route.Route;
import dev.rein.os.internal.runs.RunPage;
import dev.rein.os.internal.runs.RunService;
import dev.rein.os.internal.runs.RunStatuses;
import dev.rein.os.internal.runs.StoreAccess;
import dev.rein.os.internal.wire.RunWire;
import dev.rein.session.RunQuery;
import dev.rein.session.Session;
import dev.rein.session.StoredRun;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Routes for the runs of a session of any kind. */
public final class SessionRunRoutes {
    private static final String TAG = "Sessions";

    private final StoreAccess stored;
    private final SessionAccess scope;
    private final RunService runs;
    private final RunWire wire;
    private final int maxBytes;

    /** @param maxBytes the size of a page of a list */
    public SessionRunRoutes(StoreAccess stored, RunService runs, RunWire wire, int maxBytes) {
        this.maxBytes = maxBytes;
        this.stored = stored;
        this.runs = runs;
        this.scope = new SessionAccess(stored);
        this.wire = wire;
    }

    public List<Route> routes() {
        var one = "/sessions/{session_id}";
        return List.of(
                Route.get(one + "/runs", TAG, "List the runs of a session", this::list)
                        .takes(filters())
                        .takes(RunPage.params())
                        .answers(200, "SessionRuns")
                        .fails(400, 404, 422),
                Route.get(one + "/runs/{run_id}", TAG, "Get a run of a session", this::get)
                        .takes(SessionAccess.TYPE, SessionAccess.USER)
                        .takes(SessionAccess.db())
                        .answers(200, "SessionRun")
                        .fails(404, 422),
                Route.get(
                                one + "/run-previews",
                                TAG,
                                "List the runs of a session with shortened answers",
                                this::previews)
                        .takes(filters())
                        .takes(RunPage.params())
                        .answers(200, "RunPreviews")
                        .fails(400, 404, 422),
                Route.get(one + "/media/{storage_key}", TAG, "Not available", _ -> {
                            throw Problem.unsupported("Media storage is not configured on AgentOS");
                        })
                        .hidden());
    }

    private static Param[] filters() {
        return new Param[] {
            SessionAccess.TYPE,
            SessionAccess.USER,
            Param.query("created_after").integer().description("Unix time in seconds"),
            Param.query("created_before").integer().description("Unix time in seconds"),
            Param.query("status")
                    .type(Param.Type.STATUS)
                    .list()
                    .description(
                            "Status to filter by, case-insensitive; may be repeated. Default: all except foreground runs"
                                    + " in progress"),
            SessionAccess.db()[0],
            SessionAccess.db()[1]
        };
    }

    private void list(HttpCall call) {
        var session = scope.require(call);
        list(call, session, (tree, run) -> entry(session, tree, run));
    }

    private void previews(HttpCall call) {
        list(call, scope.require(call), (_, run) -> wire.preview(run));
    }

    private void get(HttpCall call) {
        var session = scope.require(call);
        var id = call.path("run_id");
        call.ofRun(id);
        var root = StoreAccess.orBadRequest(() -> stored.store().run(id))
                .filter(each -> session.sessionId().equals(each.sessionId()))
                .map(StoredRun::rootRunId);
        var tree = root.map(each -> tree(session, each)).orElse(new RunTree(List.of()));
        var run = tree.listed(_ -> true).stream()
                .filter(each -> each.runId().equals(id))
                .findFirst()
                .orElseThrow(() -> Problem.notFound(
                        "Run with id '" + id + "' not found in session '" + session.sessionId() + "'"));
        call.answer(schema(session, tree, run));
    }

    private RunTree tree(Session session, String rootRunId) {
        var query = RunQuery.of(session.sessionId()).children(true).rootRunIds(Set.of(rootRunId));
        return new RunTree(stored.store().runs(query).items());
    }

    /** Without the input of a member: clients take it for a message of the user. */
    private ObjectNode entry(Session session, RunTree tree, StoredRun run) {
        var entry = schema(session, tree, run);
        if (run.parentRunId() != null) {
            entry.remove("run_input");
        }
        return entry;
    }

    private ObjectNode schema(Session session, RunTree tree, StoredRun run) {
        return wire.schema(run, stored.context(session, run, tree.below(run)), false);
    }

    private void list(HttpCall call, Session session, BiFunction<RunTree, StoredRun, ObjectNode> form) {
        var fits = fits(call);
        var isFiltered = !call.texts("status").isEmpty();
        RunPage.answer(call, stored.store(), RunQuery.of(session.sessionId()), maxBytes, root -> {
            var tree = tree(session, root.runId());
            return tree.listed(each -> isFiltered || runs.isListed(each)).stream()
                    .filter(fits)
                    .map(run -> form.apply(tree, run))
                    .toList();
        });
    }

    private static Predicate<StoredRun> fits(HttpCall call) {
        var names = call.texts("status");
        var statuses = RunStatuses.parse(names);
        var after = time(call, "created_after");
        var before = time(call, "created_before");
        return run -> (names.isEmpty() || statuses.contains(run.status()))
                && (after == null || !run.createdAt().isBefore(after))
                && (before == null || run.createdAt().isBefore(before));
    }

    /** Clamps to the range of {@link Instant}. */
    private static @Nullable Instant time(HttpCall call, String name) {
        var seconds = call.integer(name);
        return seconds == null
                ? null
                : Instant.ofEpochSecond(
                        Math.clamp(seconds, Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()));
    }
}
