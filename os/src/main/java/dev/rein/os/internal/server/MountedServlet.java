package dev.rein.os.internal.server;

import dev.rein.os.internal.route.Client;
import dev.rein.os.internal.wire.WireJson;
import io.javalin.http.servlet.JavalinServlet;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Serves in a servlet container of the application's. Thread-safe. */
final class MountedServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final Client CLIENT = new Client() {
        @Override
        public void authenticated() {}

        // The container closes its connections itself.
        @Override
        public void disconnect() {}
    };

    private final transient JavalinServlet javalin;
    private final boolean onlyLocal;

    /** Requests in progress, and one party for the servlet. */
    private final transient Phaser requests = new Phaser(1);

    /** @param onlyLocal whether clients on other machines are refused */
    MountedServlet(JavalinServlet javalin, boolean onlyLocal) {
        this.javalin = javalin;
        this.onlyLocal = onlyLocal;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        for (var field : SecurityHeaders.fields()) {
            response.setHeader(field.getName(), field.getValue());
        }
        if (onlyLocal && !isLocal(request)) {
            refuse(response);
            return;
        }
        request.setAttribute(Client.ATTRIBUTE, CLIENT);
        requests.register();
        var isAnsweredLater = false;
        try {
            javalin.service(new MountedRequest(request), response);
            isAnsweredLater = request.isAsyncStarted() && isNoted(request.getAsyncContext());
        } finally {
            if (!isAnsweredLater) {
                requests.arriveAndDeregister();
            }
        }
    }

    /** Has the end of a response noted that another thread writes. @return whether the response was still in progress */
    private boolean isNoted(AsyncContext async) {
        try {
            async.addListener(new Completion());
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private final class Completion implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {
            requests.arriveAndDeregister();
        }

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }

    /** By its address: everybody can send any Host header. */
    private static boolean isLocal(HttpServletRequest request) {
        try {
            return InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static void refuse(HttpServletResponse response) throws IOException {
        var body = WireJson.bytes(WireJson.object()
                .put(
                        "detail",
                        "Without authentication this server answers to its own machine only: set a security key or JWT"
                                + " authentication, or insecure(true) if the application protects its path"));
        response.setStatus(HttpServletResponse.SC_FORBIDDEN);
        response.setContentType("application/json");
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** Waits until the requests in progress have been answered. @return whether they have */
    boolean awaitIdle(Duration atMost) throws InterruptedException {
        var phase = requests.arriveAndDeregister();
        try {
            if (!requests.isTerminated()) {
                requests.awaitAdvanceInterruptibly(phase, atMost.toNanos(), TimeUnit.NANOSECONDS);
            }
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** Javalin compares paths without the context path, and does not know the path of the servlet. */
    private static final class MountedRequest extends HttpServletRequestWrapper {
        MountedRequest(HttpServletRequest request) {
            super(request);
        }

        @Override
        public String getContextPath() {
            return super.getContextPath() + super.getServletPath();
        }

        @Override
        public String getServletPath() {
            return "";
        }
    }
}
