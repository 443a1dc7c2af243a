package dev.rein.os.internal.server;

import dev.rein.os.internal.ServerSettings;
import dev.rein.os.internal.auth.AccessControl;
import dev.rein.os.internal.auth.Cors;
import dev.rein.os.internal.route.Client;
import dev.rein.os.internal.route.FormReader;
import dev.rein.os.internal.route.HttpCall;
import dev.rein.os.internal.route.LogText;
import dev.rein.os.internal.route.Problem;
import dev.rein.os.internal.route.Route;
import dev.rein.os.internal.runs.RunService;
import dev.rein.os.internal.socket.WorkflowSocket;
import dev.rein.os.internal.wire.WireJson;
import dev.rein.run.RunRejectedException;
import dev.rein.store.StoreException;
import dev.rein.text.PlainText;
import dev.rein.trace.TraceHeaders;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.config.SizeUnit;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.http.NotFoundResponse;
import io.javalin.http.servlet.JavalinServlet;
import jakarta.servlet.http.HttpServlet;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.session.NullSessionCache;
import org.eclipse.jetty.session.NullSessionDataStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server: connections, limits, access control and errors. The routes handle the requests. */
final class HttpServer {
    private static final Logger log = LoggerFactory.getLogger(HttpServer.class);

    /** Bytes that the system keeps of what a client has not acknowledged. */
    private static final int SEND_BUFFER = 64 << 10;

    /** The accept backlog; Jetty's default of 50 drops connects at 500 per second. */
    private static final int BACKLOG = 4_096;

    private static final String SHUTTING_DOWN = "The server is shutting down";
    private static final String BROKEN_BODY = "There was an error parsing the body";
    private static final int HEADER_BYTES = 16 << 10;
    private static final int IN_MEMORY_UPLOAD = 1 << 20;

    private final ServerSettings settings;
    private final AccessControl access;
    private final Cors cors;
    private final AccessLog accessLog = new AccessLog();
    /** Tracks requests in progress. */
    private final GracefulHandler requests = new GracefulHandler();

    private final ConnectionLimit connections;
    private final Javalin javalin;
    /** The methods of paths without parameters. */
    private final Map<String, Set<String>> named = new HashMap<>();

    private volatile boolean draining;

    /** The servlet in a container of the application's; null if this has a port of its own. */
    private volatile @Nullable MountedServlet mounted;

    HttpServer(ServerSettings settings, AccessControl access, List<Route> routes, WorkflowSocket socket) {
        this.settings = settings;
        this.access = access;
        this.cors = new Cors(settings.origins());
        var limits = settings.limits();
        // A single body always fits.
        var inputs = new InputLimit(Math.max(limits.inputBytes(), limits.bodyBytes()), requests);
        this.connections = new ConnectionLimit(limits, cors, inputs);
        for (var route : routes) {
            if (route.shown() && !route.path().contains("{")) {
                named.computeIfAbsent(route.path(), _ -> new TreeSet<>()).add(route.method());
            }
        }
        this.javalin = Javalin.create(config -> {
            configure(config);
            listen(config);
            guard(config);
            routes.forEach(route -> register(config, route));
            listen(config, socket);
            errors(config);
        });
    }

    int port() {
        return javalin.port();
    }

    void start() {
        javalin.start();
    }

    /** Serves as a servlet, instead of on a port. */
    HttpServlet mount() {
        var servlet = new MountedServlet(new JavalinServlet(javalin.unsafe), access.isOpen() && !settings.insecure());
        mounted = servlet;
        return servlet;
    }

    /** Answers all requests with 503, except those to cancel runs. */
    void drain() {
        draining = true;
    }

    /**
     * Stops once all responses in progress have been sent, or after {@code atMost}: clients wait for the last event.
     */
    void stop(Duration atMost) throws InterruptedException {
        var servlet = mounted;
        if (servlet != null) {
            if (!servlet.awaitIdle(atMost)) {
                logLateClients(atMost);
            }
            return;
        }
        try {
            requests.shutdown().get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            logLateClients(atMost);
        } catch (ExecutionException e) {
            log.warn("waiting for responses in progress failed", e);
        } finally {
            javalin.stop();
        }
    }

    private static void logLateClients(Duration atMost) {
        log.info("some clients have not received their responses within {} s", atMost.toSeconds());
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = true;
        config.http.maxRequestSize = settings.limits().bodyBytes();
        config.http.prefer405over404 = true;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.router.ignoreTrailingSlashes = true;
        config.jetty.multipartConfig.maxTotalRequestSize(settings.limits().bodyBytes(), SizeUnit.BYTES);
        config.jetty.multipartConfig.maxFileSize(settings.limits().bodyBytes(), SizeUnit.BYTES);
        config.jetty.multipartConfig.maxInMemoryFileSize(IN_MEMORY_UPLOAD, SizeUnit.BYTES);
        config.jetty.modifyServletContextHandler(HttpServer::keepNoSessions);
        config.jetty.modifyServletContextHandler(
                context -> context.setMaxFormKeys(settings.limits().fields()));
        config.requestLogger.http((http, millis) -> accessLog.write(http, millis));
    }

    private void listen(JavalinConfig config) {
        config.jetty.host = settings.host();
        config.jetty.port = settings.port();
        config.jetty.modifyHttpConfiguration(HttpServer::configure);
        config.jetty.addConnector((server, http) -> {
            var connector = connections.connector(server, http);
            connector.setHost(settings.host());
            connector.setPort(settings.port());
            connector.setAcceptQueueSize(BACKLOG);
            connector.setIdleTimeout(settings.limits().clientStall().toMillis());
            // A client that vanishes without a word is noticed when this is full, and the kernel would let it grow to
            // megabytes.
            connector.setAcceptedSendBufferSize(SEND_BUFFER);
            return connector;
        });
        config.jetty.modifyServer(server -> {
            server.setErrorHandler(new JsonErrorHandler(cors));
            server.setHandler(connections);
        });
    }

    /** Disables servlet sessions: Javalin requests one per WebSocket, which would never be removed and set a cookie. */
    private static void keepNoSessions(ServletContextHandler context) {
        var sessions = context.getSessionHandler();
        var none = new NullSessionCache(sessions);
        none.setSessionDataStore(new NullSessionDataStore());
        sessions.setSessionCache(none);
        sessions.setUsingCookies(false);
    }

    private static void configure(HttpConfiguration http) {
        http.addCustomizer(new SecurityHeaders());
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        http.setRequestHeaderSize(HEADER_BYTES);
        // Otherwise a key that differs from an earlier one of its connection only in case is read as the earlier one.
        http.setHeaderCacheCaseSensitive(true);
    }

    private void guard(JavalinConfig config) {
        config.routes.before(http -> {
            if (cors.handle(http)) {
                http.skipRemainingHandlers();
                return;
            }
            if (draining && !isCancel(http)) {
                throw Problem.unavailable(SHUTTING_DOWN);
            }
        });
    }

    private static boolean isCancel(Context http) {
        return http.method().equals(HandlerType.POST) && http.path().endsWith("/cancel");
    }

    private void register(JavalinConfig config, Route route) {
        Handler handler = http -> {
            var caller = access.authenticate(http, route);
            if (access.isOpen() || !route.open()) {
                Client.of(http).authenticated();
            }
            TraceHeaders.withIncoming(http::header, () -> {
                route.handler().handle(HttpCall.of(http, route, caller, settings.limits()));
                return true;
            });
        };
        config.routes.addHttpHandler(HandlerType.findOrCreate(route.method()), route.path(), handler);
        if (route.method().equals("GET")) {
            // Otherwise Javalin answers HEAD with an empty 200 without consulting the route.
            config.routes.addHttpHandler(HandlerType.HEAD, route.path(), handler);
        }
    }

    private void listen(JavalinConfig config, WorkflowSocket socket) {
        var path = "/workflows/ws";
        config.jetty.modifyWebSocketServletFactory(
                sockets -> sockets.setMaxTextMessageSize(WorkflowSocket.MAX_MESSAGE));
        config.routes.wsBeforeUpgrade(path, http -> {
            try {
                cors.refuseForeignSocket(http);
                if (draining) {
                    throw Problem.unavailable(SHUTTING_DOWN);
                }
                access.refuseForeignHost(http);
                UpgradeRequest.check(http);
            } catch (Problem e) {
                // Javalin sends the status of a refused upgrade, but no body.
                answer(e, http);
                var body = WireJson.bytes(e.body());
                http.res().setContentLength(body.length);
                http.res().getOutputStream().write(body);
                http.res().flushBuffer();
                throw e;
            }
        });
        config.routes.ws(path, socket::configure);
    }

    private void errors(JavalinConfig config) {
        config.routes.exception(Problem.class, HttpServer::answer);
        config.routes.exception(RunRejectedException.class, (e, http) -> answer(RunService.problem(e), http));
        config.routes.exception(NotFoundResponse.class, (_, http) -> answer(http, 404, "Not Found"));
        config.routes.exception(MethodNotAllowedResponse.class, this::notAllowed);
        config.routes.exception(
                HttpResponseException.class, (e, http) -> answer(http, e.getStatus(), String.valueOf(e.getMessage())));
        config.routes.exception(EofException.class, HttpServer::cutOff);
        config.routes.exception(StoreException.class, HttpServer::noStore);
        config.routes.exception(Exception.class, this::failed);
    }

    /** Either the client has disconnected and nobody reads the response, or the request is truncated. */
    private static void cutOff(EofException e, Context http) {
        if (!http.res().isCommitted()) {
            answer(http, 400, BROKEN_BODY);
        }
    }

    private static void answer(Problem problem, Context http) {
        if (problem.isTemporary()) {
            http.header("Retry-After", String.valueOf(Problem.RETRY_AFTER));
        }
        if (problem.status() == 401) {
            http.header("WWW-Authenticate", "Bearer");
        }
        http.status(problem.status()).contentType("application/json").result(WireJson.bytes(problem.body()));
    }

    private static void answer(Context http, int status, String detail) {
        var body = WireJson.object().put("detail", detail);
        http.status(status).contentType("application/json").result(WireJson.bytes(body));
    }

    /** Javalin includes the methods of other routes whose path parameters match this path. */
    private void notAllowed(MethodNotAllowedResponse e, Context http) {
        var path = http.path();
        var end = path.length();
        while (end > 1 && path.charAt(end - 1) == '/') {
            end--;
        }
        var own = named.get(path.substring(0, end));
        http.header(
                "Allow", own == null ? e.getDetails().getOrDefault("availableMethods", "") : String.join(", ", own));
        answer(http, 405, "Method Not Allowed");
    }

    /** The database is unavailable. */
    private static void noStore(StoreException e, Context http) {
        log.warn("{} {} failed, store unavailable: {}", http.method(), LogText.line(http.path()), PlainText.message(e));
        answer(Problem.unavailable("The store does not answer"), http);
    }

    private void failed(Exception e, Context http) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof InputLimit.ExceededException) {
                http.res().setHeader("Connection", "close");
                answer(Problem.unavailable(String.valueOf(cause.getMessage())), http);
                return;
            }
        }
        if (RequestErrors.isDisconnect(e)) {
            return;
        }
        var timeout = RequestErrors.timeout(e);
        if (timeout != null) {
            http.res().setHeader("Connection", "close");
            answer(
                    http,
                    408,
                    timeout instanceof SlowClient.SlowBodyException
                            ? String.valueOf(timeout.getMessage())
                            : "Request Timeout");
            return;
        }
        var tooLarge = RequestErrors.tooLarge(e, settings.limits());
        if (tooLarge != null) {
            FormReader.skipRest(http, settings.limits());
            // Jetty closes the connection, because it could not read the body itself: the client must know.
            http.res().setHeader("Connection", "close");
            answer(tooLarge, http);
            return;
        }
        if (RequestErrors.isCausedByRequest(e)) {
            http.res().setHeader("Connection", "close");
            answer(http, 400, BROKEN_BODY);
            return;
        }
        log.error("{} {} failed", http.method(), LogText.line(http.path()), LogText.lines(e));
        answer(http, 500, "Internal server error (" + e.getClass().getSimpleName() + ")");
    }
}
