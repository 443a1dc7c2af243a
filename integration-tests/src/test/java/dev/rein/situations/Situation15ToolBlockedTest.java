package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.Message;
import dev.rein.run.RunContext;
import dev.rein.runtime.Limits;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.ToolSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Situation15ToolBlockedTest {
    private final ScriptedModel model =
            ScriptedModel.create().toolCall("block", "{}").answer("never asked for");
    private final AtomicReference<Thread> blocking = new AtomicReference<>();
    private final CountDownLatch released = new CountDownLatch(1);

    private interface Blocking {
        void block(RunContext context) throws Exception;
    }

    private ToolSpec tool(Blocking code) {
        return Tools.tool("block", context -> {
            blocking.set(Thread.currentThread());
            try {
                code.block(context);
                return "released";
            } finally {
                released.countDown();
            }
        });
    }

    private void awaitBlocked() {
        Waiting.until("the tool is blocked", () -> {
            var thread = blocking.get();
            return thread != null
                    && (thread.getState() == Thread.State.WAITING
                            || thread.getState() == Thread.State.TIMED_WAITING
                            || Stream.of(thread.getStackTrace()).anyMatch(StackTraceElement::isNativeMethod));
        });
    }

    private void cancelReleases(Form form, Blocking code) throws InterruptedException {
        cancelReleases(form, code, () -> {});
    }

    /** @param inside waits for what the blocked thread alone does not tell */
    private void cancelReleases(Form form, Blocking code, Runnable inside) throws InterruptedException {
        var run = form.start(Agent.builder().model(model).tools(tool(code)).build(), "Go");
        awaitBlocked();
        inside.run();

        run.cancel(CancelRequest.now().grace(Waiting.NEVER));

        run.end(Waiting.SOON);
        var output = RunInvariants.checkCancelled(run);
        assertThat(released.getCount()).as("the tool's thread has left").isZero();
        assertThat(output.abandoned()).isEmpty();
        assertThat(output.tools()).singleElement().extracting("result").isNull();
        assertThat(output.messages())
                .filteredOn(message -> message.toolCallId() != null)
                .singleElement()
                .satisfies(result -> assertThat(result.content()).contains("effects are unknown"))
                .returns(true, Message::interrupted);
        assertThat(model.callsStarted()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void inASleep(Form form) throws Exception {
        cancelReleases(form, _ -> Thread.sleep(Duration.ofMinutes(1))); // blocks on purpose
    }

    @ParameterizedTest
    @EnumSource
    void inASleepOfTheCancellation(Form form) throws Exception {
        cancelReleases(form, context -> context.cancellation().sleep(Duration.ofMinutes(1)));
    }

    @ParameterizedTest
    @EnumSource
    void inALock(Form form) throws Exception {
        var lock = new ReentrantLock();
        lock.lock();
        cancelReleases(form, _ -> lock.lockInterruptibly());
    }

    @ParameterizedTest
    @EnumSource
    void inASemaphore(Form form) throws Exception {
        cancelReleases(form, _ -> new Semaphore(0).acquire());
    }

    @ParameterizedTest
    @EnumSource
    void inAMonitor(Form form) throws Exception {
        var monitor = new Object();
        cancelReleases(form, _ -> {
            synchronized (monitor) {
                while (released.getCount() > 0) {
                    monitor.wait(); // blocks on purpose
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void inAnEmptyQueue(Form form) throws Exception {
        cancelReleases(form, _ -> new LinkedBlockingQueue<>().take());
    }

    @ParameterizedTest
    @EnumSource
    void inAFullQueue(Form form) throws Exception {
        cancelReleases(form, _ -> {
            var queue = new ArrayBlockingQueue<>(1);
            queue.put("first");
            queue.put("second");
        });
    }

    @ParameterizedTest
    @EnumSource
    void inAFuture(Form form) throws Exception {
        cancelReleases(form, _ -> new CompletableFuture<>().get());
    }

    @ParameterizedTest
    @EnumSource
    void inAFutureThatIsCancelledWithIt(Form form) throws Exception {
        var future = new CompletableFuture<String>();
        cancelReleases(form, context -> context.cancellation().await(future, null));
        assertThat(future).isCancelled();
    }

    /** A park returns when it is interrupted and keeps the flag, so a loop around it would spin: this one looks. */
    @ParameterizedTest
    @EnumSource
    void inAPark(Form form) throws Exception {
        cancelReleases(form, context -> {
            while (!context.cancellation().isCancelled()) {
                LockSupport.park(); // blocks on purpose
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void inASocketRead(Form form) throws Exception {
        try (var silent = new SilentServer()) {
            cancelReleases(form, _ -> {
                try (var socket = new Socket(InetAddress.getLoopbackAddress(), silent.port())) {
                    socket.getInputStream().read();
                }
            });
            silent.awaitClosedByClient();
        }
    }

    @ParameterizedTest
    @EnumSource
    void inASocketReadThatAnAborterEnds(Form form) throws Exception {
        try (var silent = new SilentServer()) {
            cancelReleases(form, context -> {
                try (var socket = new Socket(InetAddress.getLoopbackAddress(), silent.port());
                        var _ = context.cancellation().onCancel(socket::close)) {
                    socket.getInputStream().read();
                }
            });
            silent.awaitClosedByClient();
        }
    }

    @ParameterizedTest
    @EnumSource
    void inAnAccept(Form form) throws Exception {
        cancelReleases(form, _ -> {
            try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                server.accept();
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void inAnHttpRequest(Form form) throws Exception {
        try (var silent = new SilentServer();
                var client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + silent.port() + "/"))
                    .build();
            // One that is still connecting the JDK's client closes only some seconds later.
            cancelReleases(
                    form, _ -> client.send(request, HttpResponse.BodyHandlers.ofString()), silent::awaitFirstByte);
            silent.awaitClosedByClient();
        }
    }

    @ParameterizedTest
    @EnumSource
    void inAFileLockThatIsTriedAgainAndAgain(Form form, @TempDir Path directory) throws Exception {
        whileAnotherProcessHoldsTheLock(
                directory,
                file -> cancelReleases(form, context -> {
                    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                        while (channel.tryLock() == null) {
                            context.cancellation().sleep(Duration.ofMillis(20));
                        }
                    }
                }));
    }

    @ParameterizedTest
    @EnumSource
    void inAFileLockThatAPlatformThreadWaitsFor(Form form, @TempDir Path directory) throws Exception {
        whileAnotherProcessHoldsTheLock(directory, file -> {
            try (var platform = Executors.newSingleThreadExecutor()) {
                cancelReleases(form, context -> {
                    var locked = platform.submit(() -> {
                        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                            return channel.lock();
                        }
                    });
                    context.cancellation().await(locked, null);
                });
            }
        });
    }

    /**
     * The JDK can't take a virtual thread out of {@link FileChannel#lock()}, and whoever interrupts one hangs with it. So this
     * is a deaf tool; it must not take anybody else with it.
     */
    @ParameterizedTest
    @EnumSource
    void aFileLockOnAVirtualThreadIsLeftBehindAndHoldsUpNobodyElse(Form form, @TempDir Path directory)
            throws Exception {
        whileAnotherProcessHoldsTheLock(directory, file -> {
            var run = form.start(
                    Agent.builder()
                            .model(model)
                            .tools(tool(_ -> {
                                try (var channel = FileChannel.open(file, StandardOpenOption.WRITE);
                                        var _ = channel.lock()) {
                                    throw new IllegalStateException("nobody holds the lock");
                                }
                            }))
                            .build(),
                    "Go");
            awaitBlocked();
            run.cancel(CancelRequest.now().grace(Duration.ofMillis(200)));

            var output = RunInvariants.checkCancelled(run);
            assertThat(output.abandoned())
                    .singleElement()
                    .satisfies(thread ->
                            assertThat(thread.stack()).anyMatch(frame -> frame.contains("FileChannelImpl.lock")));
            var other = form.start(
                    Agent.of(ScriptedModel.create().waitsForever(), ""),
                    "Go",
                    RunOptions.defaults().limits(Limits.none().deadline(Duration.ofMillis(50))));
            assertThat(RunInvariants.checkCancelled(other).abandoned()).isEmpty();
        });
        Waiting.until("the thread comes back", () -> Runs.shared().abandonedThreads() == 0);
    }

    private interface WithFile {
        void use(Path file) throws Exception;
    }

    private static void whileAnotherProcessHoldsTheLock(Path directory, WithFile test) throws Exception {
        var file = Files.createFile(directory.resolve("locked"));
        var holder = LockHolder.start(file);
        try {
            test.use(file);
            assertThat(holder.isAlive()).isTrue();
        } finally {
            holder.destroyForcibly().waitFor();
        }
    }

    /** Accepts connections, says nothing, and knows when the client has gone. */
    private static final class SilentServer implements AutoCloseable {
        private final ServerSocket server;
        private final CompletableFuture<Boolean> firstByte = new CompletableFuture<>();
        private final CompletableFuture<Boolean> closedByClient = new CompletableFuture<>();

        SilentServer() throws IOException {
            server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(this::serve);
        }

        private void serve() {
            try (var socket = server.accept()) {
                while (socket.getInputStream().read() >= 0) {
                    // Whatever it sends, there is no answer.
                    firstByte.complete(true);
                }
                closedByClient.complete(true);
            } catch (IOException e) {
                closedByClient.complete(!server.isClosed());
            }
        }

        int port() {
            return server.getLocalPort();
        }

        void awaitFirstByte() {
            assertThat(firstByte).succeedsWithin(Waiting.SOON);
        }

        void awaitClosedByClient() {
            assertThat(closedByClient).succeedsWithin(Waiting.SOON).isEqualTo(true);
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
