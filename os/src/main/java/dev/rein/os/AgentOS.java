package dev.rein.os;

import dev.rein.os.internal.ServerSettings;
import dev.rein.os.internal.server.ServerLifecycle;
import dev.rein.text.PlainText;
import jakarta.servlet.http.HttpServlet;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * Agents, teams and workflows over HTTP, for the clients that AgentOS has already. Thread-safe; started and closed once.
 *
 * {@snippet :
 * AgentOS.builder().agents(researcher).store(JdbcSessionStore.sqlite()).build().serve();
 * }
 */
public final class AgentOS implements AutoCloseable {
    private final ServerSettings settings;
    private final ServerLifecycle service;
    private final CountDownLatch closed = new CountDownLatch(1);

    AgentOS(ServerSettings settings) {
        this.settings = settings;
        this.service = new ServerLifecycle(settings);
    }

    public static AgentOSBuilder builder() {
        return new AgentOSBuilder();
    }

    /**
     * Starts listening and returns.
     *
     * @throws IllegalStateException if the port is in use
     */
    public AgentOS start() {
        try {
            service.start();
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "can't listen on port " + settings.port() + " of " + settings.host() + ": " + PlainText.message(e),
                    e);
        }
        return this;
    }

    /**
     * Starts the server and blocks until it is closed. The end of the process closes it too; live runs of the process
     * then have the time of {@link AgentOSBuilder#drain} to finish.
     */
    public void serve() {
        start();
        settings.runs().drainAtExit(settings.drain());
        try {
            Runtime.getRuntime()
                    .addShutdownHook(
                            Thread.ofPlatform().name("rein-os-shutdown").unstarted(this::close));
            closed.await();
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Returns a servlet that serves in a container of the application's, such as Tomcat, instead of on a port of its own: an
     * alternative to {@link #start}, for one of the two. Map it to all paths below one, such as {@code /agentos/*}, with support
     * of asynchronous requests and multipart forms. Streams occupy no thread of the container.
     *
     * <p>The container limits connections and what they send. There is no WebSocket. Without a security key, JWT authentication
     * or {@link AgentOSBuilder#insecure}, clients on other machines are refused. {@link #close} is to be called before the
     * container stops.
     */
    public HttpServlet servlet() {
        return service.mount();
    }

    public int port() {
        return service.port();
    }

    /** The base URL of the server, such as {@code http://localhost:7777}. */
    public String url() {
        var host = settings.host();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
    }

    /** The URL of the console; empty if it is not served. See {@link AgentOSBuilder#console}. */
    public Optional<String> consoleUrl() {
        return settings.console() ? Optional.of(url() + "/console") : Optional.empty();
    }

    /**
     * Refuses new requests, gives the runs that this server started the time of {@link AgentOSBuilder#drain} to finish,
     * cancels the rest and closes the server. Further calls do nothing.
     */
    @Override
    public void close() {
        service.stop();
        closed.countDown();
    }
}
