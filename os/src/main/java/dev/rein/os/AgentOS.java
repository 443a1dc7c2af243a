package dev.rein.os;

import dev.rein.os.internal.http.ServerLifecycle;
import dev.rein.os.internal.http.ServerSettings;
import dev.rein.runtime.Runs;
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
     * Starts to listen, and returns.
     *
     * @throws IllegalStateException if the port is in use
     */
    public AgentOS start() {
        try {
            service.start();
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "port " + settings.port() + " of " + settings.host() + " can't be listened on: " + e.getMessage(),
                    e);
        }
        return this;
    }

    /**
     * Starts, and waits until it is closed or the process ends, which closes it: all live runs of the process may then go on
     * for as long as {@link AgentOSBuilder#drain} says.
     */
    public void serve() {
        start();
        Runs.drain(settings.drain());
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

    public int port() {
        return service.port();
    }

    /** Where it listens, such as {@code http://localhost:7777}. */
    public String url() {
        var host = settings.host();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
    }

    /**
     * Takes no new requests, lets the runs that it began finish for as long as {@link AgentOSBuilder#drain} says, stops the
     * rest, and ends.
     */
    @Override
    public void close() {
        service.stop();
        closed.countDown();
    }
}
