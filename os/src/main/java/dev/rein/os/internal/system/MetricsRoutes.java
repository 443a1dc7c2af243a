package dev.rein.os.internal.system;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.rein.os.ServerLimits;
import dev.rein.os.internal.route.HttpCall;
import dev.rein.os.internal.route.Param;
import dev.rein.os.internal.route.Problem;
import dev.rein.os.internal.route.Route;
import dev.rein.os.internal.runs.StoreAccess;
import dev.rein.os.internal.sessions.SessionAccess;
import dev.rein.os.internal.wire.ComponentCatalog;
import dev.rein.os.internal.wire.WireJson;
import dev.rein.session.RunHistory;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Routes for daily metrics. They are computed per request and therefore always current. */
public final class MetricsRoutes {
    private static final String TAG = "Metrics";
    private static final int DAYS_SHOWN = 365;
    private static final LocalDate FIRST = LocalDate.of(1970, 1, 2);
    private static final LocalDate LAST = LocalDate.of(2200, 1, 1);

    private final StoreAccess stored;
    private final ComponentCatalog catalog;
    private final ServerMetrics meters;
    private final ServerLimits limits;
    private final Refreshes refreshes = new Refreshes();

    public MetricsRoutes(StoreAccess stored, ComponentCatalog catalog, ServerMetrics meters, ServerLimits limits) {
        this.limits = limits;
        this.stored = stored;
        this.meters = meters;
        this.catalog = catalog;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/metrics", TAG, "Get daily usage: runs, sessions, users and tokens", this::get)
                        .takes(
                                Param.query("starting_date")
                                        .type(Param.Type.DATE)
                                        .description("First day, such as 2026-11-21; default: a year ago"),
                                Param.query("ending_date")
                                        .type(Param.Type.DATE)
                                        .description("Last day; default: today"),
                                SessionAccess.USER)
                        .takes(SessionAccess.db())
                        .answers(200, "MetricsResponse")
                        .fails(400, 422),
                Route.get("/metrics/prometheus", TAG, "Get metrics in the Prometheus text format", this::prometheus)
                        .answers(200, "Text"),
                Route.get(
                                "/metrics/recent",
                                TAG,
                                "Get the load of the server and the runs of the last hour",
                                this::recent)
                        .answers(200, "RecentMetrics"),
                Route.post("/metrics/refresh", TAG, "Refresh metrics; always up to date", this::refresh)
                        .takes(SessionAccess.USER, Param.query("background").flag(false))
                        .takes(SessionAccess.db())
                        .answers(Map.of(200, "Days", 202, "MetricsRefresh"))
                        .fails(400, 422),
                Route.get("/metrics/refresh/status", TAG, "Get the status of the last refresh", this::status)
                        .takes(SessionAccess.db())
                        .answers(200, "MetricsRefreshStatus"));
    }

    private static LocalDate today() {
        return LocalDate.now(ZoneOffset.UTC);
    }

    private static LocalDate date(HttpCall call, String name, LocalDate defaultValue) {
        var text = call.text(name);
        if (text == null) {
            return defaultValue;
        }
        try {
            var date = LocalDate.parse(text.length() > 10 ? text.substring(0, 10) : text);
            return date.isBefore(FIRST) ? FIRST : date.isAfter(LAST) ? LAST : date;
        } catch (DateTimeException e) {
            throw Problem.of(422, "Invalid " + name + ": write it as 2026-11-21");
        }
    }

    private void get(HttpCall call) {
        var from = date(call, "starting_date", today().minusDays(DAYS_SHOWN));
        var days = count(call, from, date(call, "ending_date", today()));
        var answer = WireJson.object();
        answer.set("metrics", days);
        call.answer(answer.put("updated_at", days.isEmpty() ? null : now()));
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private ArrayNode count(HttpCall call, LocalDate from, LocalDate to) {
        if (!(stored.store() instanceof RunHistory history)) {
            throw Problem.unsupported("Metrics not available: the `store` of this AgentOS does not tell of past runs");
        }
        var days = new TreeMap<LocalDate, DailyMetrics>();
        if (!SessionAccess.seesNothing(call)) {
            StoreAccess.orBadRequest(() -> {
                history.forEachRun(
                        start(from),
                        start(to.plusDays(1)),
                        SessionAccess.user(call),
                        run -> days.computeIfAbsent(
                                        LocalDate.ofInstant(run.createdAt(), ZoneOffset.UTC),
                                        date -> new DailyMetrics(date, catalog))
                                .add(run));
                return days;
            });
        }
        var all = WireJson.array();
        var now = now();
        days.values().forEach(day -> all.add(day.json(now)));
        return all;
    }

    private static Instant start(LocalDate date) {
        return date.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private void refresh(HttpCall call) {
        refreshes.done(call.caller());
        if (call.flag("background")) {
            stored.store();
            call.answer(
                    202,
                    WireJson.object().put("status", "completed").put("message", "The metrics are always up to date"));
            return;
        }
        call.answer(count(call, today().minusDays(DAYS_SHOWN), today()));
    }

    /** Counts runs of all users. */
    private void prometheus(HttpCall call) {
        requireAll(call);
        call.http().contentType("text/plain; version=0.0.4; charset=utf-8").result(meters.text());
    }

    /** Counts runs of all users. */
    private void recent(HttpCall call) {
        requireAll(call);
        call.answer(meters.recent(limits));
    }

    private static void requireAll(HttpCall call) {
        if (call.caller().isolated()) {
            throw Problem.of(403, "These metrics are about all users: use a token with the admin scope");
        }
    }

    private void status(HttpCall call) {
        var at = refreshes.last(call.caller());
        var time = at == null ? null : at.truncatedTo(ChronoUnit.SECONDS).toString();
        call.answer(WireJson.object()
                .put("status", at == null ? "idle" : "completed")
                .put("started_at", time)
                .put("finished_at", time)
                .putNull("error"));
    }
}
