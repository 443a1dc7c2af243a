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
import dev.rein.run.RunStatus;
import dev.rein.session.RunPreview;
import dev.rein.session.RunQuery;
import dev.rein.session.Session;
import dev.rein.session.StoredRun;
import java.time.Instant;
import java.util.List;
import java.util.Set;
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
                                one + "/runs/{run_id}/timeline",
                                TAG,
                                "Get the model requests, tool calls, steps and child runs of a run with their times",
                                this::timeline)
                        .takes(SessionAccess.TYPE, SessionAccess.USER)
                        .takes(SessionAccess.db())
                        .answers(200, "Timeline")
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

    private void previews(HttpCall call) {
        var session = scope.require(call);
        var filter = Filter.of(call);
        RunPage.answer(call, stored.store(), RunQuery.of(session.sessionId()), maxBytes, root -> {
            // Without the messages of the runs, which may be megabytes.
            var query = RunQuery.of(session.sessionId()).children(true).rootRunIds(Set.of(root.runId()));
            var tree = RunTree.ofPreviews(
                    stored.store().previews(query, RunWire.PREVIEW_CHARACTERS).items());
            return tree.listed(each -> filter.hasStatus() || isListed(each)).stream()
                    .filter(run -> filter.fits(run.status(), run.createdAt()))
                    .map(this::preview)
                    .toList();
        });
    }

    /** The row of a live run says whether it is durable. */
    private boolean isListed(RunPreview run) {
        return runs.isListed(run.runId(), run.status())
                || stored.store().run(run.runId()).filter(runs::isListed).isPresent();
    }

    /** What a run without text shows in its place is not part of its preview. */
    private ObjectNode preview(RunPreview run) {
        var isShown = run.status() == RunStatus.COMPLETED
                || (run.status() != RunStatus.ERROR && !run.text().isEmpty());
        return isShown
                ? wire.preview(run)
                : stored.store().run(run.runId()).map(wire::preview).orElseGet(() -> wire.preview(run));
    }

    private void get(HttpCall call) {
        var session = scope.require(call);
        var id = call.path("run_id");
        call.ofRun(id);
        var root = StoreAccess.orBadRequest(() -> stored.store().run(id))
                .filter(each -> session.sessionId().equals(each.sessionId()))
                .map(StoredRun::rootRunId);
        var tree = root.map(each -> tree(session, each)).orElse(RunTree.of(List.of()));
        var run = tree.listed(_ -> true).stream()
                .filter(each -> each.runId().equals(id))
                .findFirst()
                .orElseThrow(() -> Problem.notFound(
                        "Run with id '" + id + "' not found in session '" + session.sessionId() + "'"));
        call.answer(schema(session, tree, run));
    }

    /** The root's events include those of all runs below it, in their order. */
    private void timeline(HttpCall call) {
        var session = scope.require(call);
        var id = call.path("run_id");
        call.ofRun(id);
        var run = StoreAccess.orBadRequest(() -> stored.store().run(id))
                .filter(each -> session.sessionId().equals(each.sessionId()))
                .orElseThrow(() -> Problem.notFound(
                        "Run with id '" + id + "' not found in session '" + session.sessionId() + "'"));
        var timeline = new RunTimeline();
        stored.events(run).forEachRemaining(timeline::add);
        call.answer(timeline.json(run, Instant.now()));
    }

    private RunTree<StoredRun> tree(Session session, String rootRunId) {
        var query = RunQuery.of(session.sessionId()).children(true).rootRunIds(Set.of(rootRunId));
        return RunTree.of(stored.store().runs(query).items());
    }

    /** Without the input of a member: clients take it for a message of the user. */
    private ObjectNode entry(Session session, RunTree<StoredRun> tree, StoredRun run) {
        var entry = schema(session, tree, run);
        if (run.parentRunId() != null) {
            entry.remove("run_input");
        }
        return entry;
    }

    private ObjectNode schema(Session session, RunTree<StoredRun> tree, StoredRun run) {
        return wire.schema(run, stored.context(session, run, tree.below(run)), false);
    }

    private void list(HttpCall call) {
        var session = scope.require(call);
        var filter = Filter.of(call);
        RunPage.answer(call, stored.store(), RunQuery.of(session.sessionId()), maxBytes, root -> {
            var tree = tree(session, root.runId());
            return tree.listed(each -> filter.hasStatus() || runs.isListed(each)).stream()
                    .filter(run -> filter.fits(run.status(), run.createdAt()))
                    .map(run -> entry(session, tree, run))
                    .toList();
        });
    }

    /**
     * The runs that a list is to have.
     *
     * @param statuses their statuses
     * @param hasStatus whether statuses are given; otherwise any
     */
    private record Filter(
            Set<RunStatus> statuses,
            boolean hasStatus,
            @Nullable Instant after,
            @Nullable Instant before) {
        static Filter of(HttpCall call) {
            var names = call.texts("status");
            return new Filter(
                    RunStatuses.parse(names),
                    !names.isEmpty(),
                    time(call, "created_after"),
                    time(call, "created_before"));
        }

        boolean fits(RunStatus status, Instant createdAt) {
            return (!hasStatus || statuses.contains(status))
                    && (after == null || !createdAt.isBefore(after))
                    && (before == null || createdAt.isBefore(before));
        }
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
