package dev.rein.bench.os;

import dev.rein.bench.provider.ProviderProcess;
import dev.rein.bench.provider.Setup;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The processes that the measurements share, each made when it is first asked for. */
final class Stage implements AutoCloseable {
    static final String WRITER = "/agents/writer";
    static final String WRITERS = "/teams/writers";
    static final String INSTANT = "/agents/instant";

    private static final int PATIENCE_SECONDS = 120;

    private final Setup setup = new Setup();
    private @Nullable ServerProcess agentOs;

    ProviderProcess provider() throws IOException {
        return setup.provider();
    }

    ServerProcess agentOs() throws IOException {
        if (agentOs == null) {
            agentOs = ServerProcess.start("agentos", provider().baseUrl());
        }
        return agentOs;
    }

    static void await(CountDownLatch latch, String what) throws InterruptedException {
        if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("waited in vain for " + what + ": " + latch.getCount() + " are missing");
        }
    }

    @Override
    public void close() {
        if (agentOs != null) {
            agentOs.close();
        }
        setup.close();
    }
}
