package dev.rein.internal.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.rein.run.ComponentKind;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.Origin;
import dev.rein.run.event.RunContentCompleted;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class DebugTraceTest {
    private final CountDownLatch reads = new CountDownLatch(1);
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    /** Blocks until somebody reads, as a pipe does. */
    private final PrintStream pipe = new PrintStream(
            new OutputStream() {
                @Override
                public void write(int one) throws IOException {
                    try {
                        reads.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    synchronized (printed) {
                        printed.write(one);
                    }
                }
            },
            true,
            StandardCharsets.UTF_8);

    private final DebugTrace trace = new DebugTrace(pipe, new DebugTrace.Printer());

    private static RunContentCompleted event(int index) {
        var origin = new Origin(ComponentKind.AGENT, "agent", "Agent", runId(index), null, "run", null, 0, null);
        return new RunContentCompleted(new EventMeta(origin, index, Instant.EPOCH));
    }

    private static String runId(int index) {
        return "%08d".formatted(index);
    }

    private String text() {
        synchronized (printed) {
            return printed.toString(StandardCharsets.UTF_8);
        }
    }

    @Test
    void anOutputThatBlocksHoldsUpNobodyAndDroppedLinesAreCounted() {
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            // One is being printed.
            for (var n = 0; n < DebugTrace.MAX_PENDING + 1 + 5; n++) {
                trace.accept(event(n));
            }
        });
        reads.countDown();
        await().until(() -> text().contains(runId(DebugTrace.MAX_PENDING)));
        assertThat(text()).contains("5 lines of traces were dropped, because the output was blocked");
        var last = 2 * DebugTrace.MAX_PENDING;
        trace.accept(event(last));
        await().until(() -> text().contains(runId(last)));
    }
}
