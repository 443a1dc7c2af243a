package dev.rein.os.internal.server;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.os.internal.ServerSettings;
import dev.rein.os.internal.auth.AccessControl;
import dev.rein.os.internal.console.ConsoleRoutes;
import dev.rein.os.internal.queue.DurableExecution;
import dev.rein.os.internal.queue.QueueRoutes;
import dev.rein.os.internal.route.Route;
import dev.rein.os.internal.runs.CancelRoutes;
import dev.rein.os.internal.runs.ComponentRegistry;
import dev.rein.os.internal.runs.OpenStreams;
import dev.rein.os.internal.runs.RunRoutes;
import dev.rein.os.internal.runs.RunService;
import dev.rein.os.internal.runs.StoreAccess;
import dev.rein.os.internal.sessions.MemoryRoutes;
import dev.rein.os.internal.sessions.SessionForkRoutes;
import dev.rein.os.internal.sessions.SessionRoutes;
import dev.rein.os.internal.sessions.SessionRunRoutes;
import dev.rein.os.internal.socket.SocketActions;
import dev.rein.os.internal.socket.WorkflowSocket;
import dev.rein.os.internal.system.DocRoutes;
import dev.rein.os.internal.system.EmptyRoutes;
import dev.rein.os.internal.system.MetricsRoutes;
import dev.rein.os.internal.system.ServerMetrics;
import dev.rein.os.internal.system.SystemRoutes;
import dev.rein.os.internal.system.UnavailableRoutes;
import dev.rein.os.internal.wire.ComponentWire;
import dev.rein.os.internal.wire.RunWire;
import dev.rein.os.internal.wire.SessionWire;
import dev.rein.run.ComponentKind;
import dev.rein.runtime.Runs;
import jakarta.servlet.http.HttpServlet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Assembles the server, starts and stops it. Thread-safe. */
public final class ServerLifecycle {
    private static final Logger log = LoggerFactory.getLogger(ServerLifecycle.class);

    /** How long the shutdown waits for cancelled runs to end, and then for clients to receive their last events. */
    private static final Duration SHUTDOWN_WAIT = Duration.ofSeconds(10);

    private final ServerSettings settings;
    private final ServerMetrics meters;
    private final RunService runs;
    private final DurableExecution durable;
    private final WorkflowSocket socket;
    private final HttpServer server;
    private boolean stopped;

    /** Null until the server listens. */
    private volatile Runs.@Nullable Registration countedRuns;

    /** @throws IllegalArgumentException if the settings are inconsistent */
    public ServerLifecycle(ServerSettings settings) {
        this.settings = settings;
        var access = new AccessControl(settings);
        access.requireAuthenticationUnlessLocal();
        var registry = new ComponentRegistry(settings);
        var streams = new OpenStreams(settings.limits().streams());
        var stored = new StoreAccess(settings.store());
        meters = new ServerMetrics(
                settings.runs(), run -> registry.serves(run.kind(), run.componentId()), streams::open);
        runs = new RunService(
                settings.runs(), settings.store(), settings.limits().keptRunBytes(), settings.durable());
        durable = new DurableExecution(settings, registry, stored);
        var routes = new ArrayList<Route>();
        routes.addAll(
                new SystemRoutes(settings, registry, access, new ComponentWire(settings.storeId(), "rein_sessions"))
                        .routes());
        var wire = new RunWire(registry.catalog());
        for (var kind : List.of(ComponentKind.AGENT, ComponentKind.TEAM, ComponentKind.WORKFLOW)) {
            routes.addAll(new RunRoutes(
                            kind, registry, runs, streams, stored, wire, settings.onDisconnect(), settings.limits())
                    .routes());
        }
        routes.addAll(new CancelRoutes(
                        registry,
                        settings.runs(),
                        runs,
                        stored,
                        settings.limits().reasonCharacters())
                .routes());
        routes.addAll(new SessionRoutes(settings.runs(), stored, new SessionWire(registry.catalog())).routes());
        routes.addAll(new SessionRunRoutes(stored, runs, wire, settings.limits().pageBytes()).routes());
        routes.addAll(new SessionForkRoutes(registry, stored, wire).routes());
        routes.addAll(new MemoryRoutes(stored).routes());
        routes.addAll(new MetricsRoutes(stored, registry.catalog(), meters, settings.limits()).routes());
        routes.addAll(new EmptyRoutes(settings).routes());
        if (settings.durable() != null) {
            routes.addAll(new QueueRoutes(stored).routes());
        }
        routes.addAll(new UnavailableRoutes(settings.store() != null, settings.durable() != null).routes());
        if (settings.console()) {
            routes.addAll(new ConsoleRoutes().routes());
        }
        routes.addAll(new DocRoutes(settings, access.isOpen(), List.copyOf(routes)).routes());
        socket = new WorkflowSocket(
                access,
                new SocketActions(access, registry, runs, streams, stored, wire, settings.limits()),
                settings.limits());
        server = new HttpServer(settings, access, routes, socket);
    }

    public void start() {
        begin(() -> {
            server.start();
            return true;
        });
    }

    /** Serves as a servlet of a container, instead of on a port. */
    public HttpServlet mount() {
        return begin(server::mount);
    }

    private synchronized <T> T begin(Supplier<T> serving) {
        if (stopped || countedRuns != null) {
            throw new IllegalStateException("this AgentOS "
                    + (stopped ? "was closed" : "serves already, on a port or as a servlet") + ": build another one");
        }
        settings.runs()
                .maxConcurrentRuns(
                        settings.limits().backgroundRuns(), settings.limits().queuedRuns());
        var store = settings.store();
        if (store != null) {
            settings.runs().share(store);
        }
        var registration = settings.runs().addListener(meters);
        try {
            durable.start();
            var result = serving.get();
            countedRuns = registration;
            return result;
        } catch (RuntimeException e) {
            durable.leave();
            registration.close();
            throw e;
        }
    }

    public int port() {
        return server.port();
    }

    /**
     * Refuses new requests, lets live runs finish for the drain period, cancels the rest and stops the server. Durable runs that
     * have not ended go back to their queues. Further calls do nothing.
     */
    public synchronized void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        var shutdown = CancelRequest.now().kind(CancelKind.SHUTDOWN).actor("AgentOS");
        server.drain();
        socket.drain();
        try {
            durable.leave();
            var until = System.nanoTime() + settings.drain().toNanos();
            if (!runs.awaitIdle(settings.drain()) || !durable.awaitIdle(until)) {
                log.info(
                        "cancelling the runs that have not ended within {} s",
                        settings.drain().toSeconds());
            }
            runs.cancelAll(shutdown);
            durable.handOver(shutdown);
            until = System.nanoTime() + SHUTDOWN_WAIT.toNanos();
            runs.awaitIdle(SHUTDOWN_WAIT);
            durable.awaitIdle(until);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            runs.cancelAll(shutdown);
            durable.handOver(shutdown);
        }
        socket.close();
        try {
            server.stop(SHUTDOWN_WAIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        runs.close();
        var counted = countedRuns;
        if (counted != null) {
            counted.close();
        }
        meters.close();
    }
}
