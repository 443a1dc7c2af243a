package dev.rein.os.internal.http;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.os.internal.wire.ComponentWire;
import dev.rein.os.internal.wire.RunWire;
import dev.rein.os.internal.wire.SessionWire;
import dev.rein.run.ComponentKind;
import dev.rein.runtime.Runs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Assembles the server, starts and stops it. Thread-safe. */
public final class ServerLifecycle {
    private static final Logger log = LoggerFactory.getLogger(ServerLifecycle.class);

    /** How long the shutdown waits for cancelled runs to end, and then for clients to receive their last events. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(10);

    private final ServerSettings settings;
    private final ServerMetrics meters;
    private final RunService live;
    private final WorkflowSocket socket;
    private final HttpServer server;
    private boolean stopped;

    /** @throws IllegalArgumentException if the settings are inconsistent */
    public ServerLifecycle(ServerSettings settings) {
        this.settings = settings;
        var gate = new AccessControl(settings);
        gate.refuseOpenDoors();
        var served = new ComponentRegistry(settings);
        var streams = new OpenStreams(settings.limits().streams());
        var stored = new StoreAccess(settings.store());
        meters = new ServerMetrics(streams::open);
        live = new RunService(settings.store(), meters);
        var routes = new ArrayList<Route>();
        routes.addAll(new SystemRoutes(settings, served, gate, new ComponentWire(settings.storeId(), "rein_sessions"))
                .routes());
        var wire = new RunWire(served.catalog());
        for (var kind : List.of(ComponentKind.AGENT, ComponentKind.TEAM, ComponentKind.WORKFLOW)) {
            routes.addAll(new RunRoutes(kind, served, live, streams, stored, wire).routes());
        }
        routes.addAll(new CancelRoutes(served, live, stored).routes());
        routes.addAll(new SessionRoutes(stored, new SessionWire(served.catalog())).routes());
        routes.addAll(new SessionRunRoutes(stored, wire).routes());
        routes.addAll(new SessionForkRoutes(served, stored, wire).routes());
        routes.addAll(new MemoryRoutes(stored).routes());
        routes.addAll(new MetricsRoutes(stored, served.catalog(), meters).routes());
        routes.addAll(new EmptyRoutes(settings).routes());
        routes.addAll(new UnavailableRoutes(settings.store() != null).routes());
        routes.addAll(new DocRoutes(settings, gate.isOpen(), List.copyOf(routes)).routes());
        socket = new WorkflowSocket(gate, new SocketActions(gate, served, live, streams, stored, wire));
        server = new HttpServer(settings, gate, routes, socket);
    }

    public void start() {
        Runs.maxConcurrentRuns(
                settings.limits().backgroundRuns(), settings.limits().queuedRuns());
        server.start();
    }

    public int port() {
        return server.port();
    }

    /**
     * Refuses new requests, lets live runs finish for the drain period, cancels the rest and stops the server. Further
     * calls do nothing.
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
            if (!live.awaitNone(settings.drain())) {
                log.info(
                        "stopping the runs that have not ended after {} s",
                        settings.drain().toSeconds());
            }
            live.end(shutdown);
            live.awaitNone(LAST_WAIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            live.end(shutdown);
        }
        socket.close();
        try {
            server.stop(LAST_WAIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        live.close();
        meters.close();
    }
}
