package dev.rein.run;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.hangs;
import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.agent.TestTools;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.SessionStore;
import dev.rein.session.StateChange;
import dev.rein.session.StoredRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Shutdown of a process. Closing is final, so each test starts a separate process. */
@Execution(ExecutionMode.CONCURRENT)
class RunsCloseTest {

    /** The programs of these processes. */
    static final class Programs {
        private Programs() {}

        public static void main(String[] arguments) throws Exception {
            switch (arguments[0]) {
                case "close" -> close();
                case "deaf" -> deaf();
                case "exit" -> exit();
                case "exit-without-hook" -> exitWithoutHook();
                case "hook-on-again" -> hookOnAgain();
                case "leave" -> leave();
                case "drain" -> drain();
                case "drain-one" -> drainOne();
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }

        private static RunHandle live(SessionStore store) throws Exception {
            var model = TestModel.of(hangs());
            var run = Agent.builder()
                    .model(model)
                    .store(store)
                    .storeWait(Duration.ofMinutes(1))
                    .build()
                    .start("Go");
            model.awaitRequests(1);
            return run;
        }

        private static void close() throws Exception {
            var store = new InMemorySessionStore();
            var run = live(store);
            say("all ended: " + Runs.shared().close(Duration.ofSeconds(20)));
            say("cause: " + Objects.requireNonNull(run.output().cause()).kind());
            say("stored: " + store.run(run.id()).orElseThrow().status());
            say("live: " + Runs.shared().live().size());
            try {
                Agent.of(TestModel.of(says("x")), "").start("Go");
            } catch (RunRejectedException e) {
                say("refused: " + e.reason() + ", " + e.getMessage());
            }
            say("again: " + Runs.shared().close(Duration.ofSeconds(10)));
        }

        private static void deaf() throws Exception {
            var gate = new Gate();
            var agent = Agent.builder()
                    .model(TestModel.of(calls("deaf")))
                    .tools(TestTools.deaf("deaf", gate))
                    .build();
            agent.start("Go");
            gate.awaitReached();
            say("all ended: " + Runs.shared().close(Duration.ofMillis(200)));
            gate.open();
            System.exit(0);
        }

        private static void exit() throws Exception {
            live(saying());
            System.exit(0);
        }

        private static void exitWithoutHook() throws Exception {
            Runs.shared().shutdownHook(false);
            live(saying());
            Runs.shared().shutdownHook(false);
            System.exit(0);
        }

        private static void hookOnAgain() throws Exception {
            live(saying());
            Runs.shared().shutdownHook(false);
            Runs.shared().shutdownHook(true);
            System.exit(0);
        }

        /** Prints the ends of runs when they are stored, which the shutdown waits for. */
        private static SessionStore saying() {
            return new TestStore(new InMemorySessionStore()) {
                @Override
                public Finished finish(StoredRun run, List<StateChange> changes) {
                    var cause = run.cause();
                    say("stored: " + run.status() + (cause == null ? "" : " " + cause.kind()));
                    return super.finish(run, changes);
                }
            };
        }

        /** One run ends by itself after the exit has begun; the other one never ends by itself. */
        private static void drain() throws Exception {
            Runs.shared().drainAtExit(Duration.ofSeconds(5));
            var gate = new Gate();
            var ends = Agent.builder()
                    .model(TestModel.of(calls("slow"), says("Done.")))
                    .tools(TestTools.deaf("slow", gate))
                    .store(saying())
                    .storeWait(Duration.ofMinutes(1))
                    .build();
            ends.start("Go");
            gate.awaitReached();
            live(saying());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                awaitRefusal();
                gate.open();
            }));
            System.exit(0);
        }

        /** Only the one that drains has its run end by itself; that run ends after the other's was stopped. */
        private static void drainOne() throws Exception {
            var one = Runs.create();
            one.drainAtExit(Duration.ofMinutes(1));
            var gate = new Gate();
            Agent.builder()
                    .runs(one)
                    .model(TestModel.of(calls("slow"), says("Done.")))
                    .tools(TestTools.deaf("slow", gate))
                    .store(saying())
                    .storeWait(Duration.ofMinutes(1))
                    .build()
                    .start("Go");
            gate.awaitReached();
            var stopped = live(saying());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                Events.rested(stopped);
                gate.open();
            }));
            System.exit(0);
        }

        /** Waits until the runtime's shutdown hook has started. */
        private static void awaitRefusal() {
            while (true) {
                try {
                    Agent.of(TestModel.of(says("x")), "").start("Go").await();
                } catch (RunRejectedException e) {
                    say("new: " + e.reason());
                    return;
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        private static void leave() throws Exception {
            live(new InMemorySessionStore());
            say("main is over");
        }

        private static void say(String line) {
            System.out.println(line);
        }
    }

    private static List<String> run(String program) throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Programs.class.getName(),
                        program)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = process.inputReader(StandardCharsets.UTF_8)) {
            var lines = out.readAllLines();
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).isZero();
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void closingCancelsWhatIsLiveStoresItAndRefusesTheNextRun() throws Exception {
        assertThat(run("close"))
                .containsExactly(
                        "all ended: true",
                        "cause: SHUTDOWN",
                        "stored: CANCELLED",
                        "live: 0",
                        "refused: CLOSED, Runs.close() was called: no more runs are started",
                        "again: true");
    }

    @Test
    void closingWaitsNoLongerThanItWasTold() throws Exception {
        assertThat(run("deaf")).containsExactly("all ended: false");
    }

    @Test
    void theEndOfTheProcessCancelsAndStoresWhatIsLive() throws Exception {
        assertThat(run("exit")).containsExactly("stored: CANCELLED SHUTDOWN");
    }

    @Test
    void withoutTheHookTheEndOfTheProcessEndsNoRuns() throws Exception {
        assertThat(run("exit-without-hook")).isEmpty();
    }

    @Test
    void aHookThatIsTurnedOnAgainEndsTheRunsThatAreLive() throws Exception {
        assertThat(run("hook-on-again")).containsExactly("stored: CANCELLED SHUTDOWN");
    }

    @Test
    void withADrainTheEndOfTheProcessWaitsForLiveRunsBeforeItCancelsTheRest() throws Exception {
        assertThat(run("drain")).containsExactly("new: CLOSED", "stored: COMPLETED", "stored: CANCELLED SHUTDOWN");
    }

    @Test
    void aDrainOfSomeRunsKeepsNoOthers() throws Exception {
        assertThat(run("drain-one")).containsExactly("stored: CANCELLED SHUTDOWN", "stored: COMPLETED");
    }

    @Test
    void aRunInTheBackgroundDoesNotKeepTheProcessAlive() throws Exception {
        assertThat(run("leave")).containsExactly("main is over");
    }
}
