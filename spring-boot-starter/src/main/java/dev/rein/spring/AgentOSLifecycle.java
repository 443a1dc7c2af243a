package dev.rein.spring;

import dev.rein.os.AgentOS;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts AgentOS when the application has started. When the application shuts down, AgentOS refuses new requests, lets its runs
 * finish, cancels the rest and sends the last events; then the application's own server shuts down.
 */
final class AgentOSLifecycle implements SmartLifecycle {
    /** Stopped before the application's server, which stops to accept requests at this phase. */
    static final int PHASE = RunsLifecycle.PHASE + 1;

    private static final Logger log = LoggerFactory.getLogger(AgentOSLifecycle.class);

    private final AgentOS os;
    private final DrainTime drain;
    private final boolean serving;
    private final @Nullable Runnable mount;
    private volatile boolean running;

    /**
     * @param serving whether there is something to serve
     * @param mount serves in the application's server; null to listen on a port
     */
    AgentOSLifecycle(AgentOS os, DrainTime drain, boolean serving, @Nullable Runnable mount) {
        this.os = os;
        this.drain = drain;
        this.serving = serving;
        this.mount = mount;
    }

    @Override
    public void start() {
        if (running) {
            return;
        }
        if (!serving) {
            log.debug("AgentOS is not started: the application has no agent, team or workflow with a name");
        } else if (mount == null) {
            os.start();
            log.info("AgentOS listens at {}", os.url());
        } else {
            mount.run();
        }
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        // The time of AgentOS is the same one.
        drain.remaining();
        os.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /** It can't start again. */
    @Override
    public boolean isPauseable() {
        return false;
    }
}
