package dev.rein.situations;

import dev.rein.agent.Agent;
import dev.rein.run.RunOutput;
import dev.rein.run.StepOutput;
import dev.rein.runtime.Component;
import dev.rein.runtime.RunOptions;
import dev.rein.store.JdbcSessionStore;
import dev.rein.team.Team;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Another process, with runs of its own in the same SQLite file. It is told what to do by lines, and says what has happened:
 * {@code tell ID} starts a run that says "Once upon" and hangs, {@code book ID} one that waits for people, {@code publish ID} a
 * workflow that waits at a step, {@code travel ID} one that waits for an agent in a step, {@code lead ID} a team that waits for a
 * member.
 */
final class OtherProcess implements AutoCloseable {
    static final String SESSION = "conversation";

    private static final String DELEGATE = "delegate_task_to_member";
    private static final String TASK = "{\"member_id\": \"booker\", \"task\": \"Book it\"}";

    private final Process process;
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

    private OtherProcess(Process process) {
        this.process = process;
        Thread.ofVirtual().start(() -> process.inputReader().lines().forEach(said::add));
    }

    /** @param lease how long it may be silent before it counts as dead */
    static OtherProcess start(Path file, Duration lease) throws IOException {
        var process = new OtherProcess(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        OtherProcess.class.getName(),
                        file.toString(),
                        String.valueOf(lease.toMillis()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        process.awaitSaid("ready");
        return process;
    }

    void order(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** The next line; it must begin with this. */
    String awaitSaid(String start) {
        try {
            var line = said.poll(Waiting.LONG.toMillis(), TimeUnit.MILLISECONDS);
            if (line == null || !line.startsWith(start)) {
                throw new AssertionError("it said " + line + " instead of " + start);
            }
            return line;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether there is a line that was not awaited yet. */
    boolean hasSaidMore() {
        return !said.isEmpty();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void awaitEnd() throws InterruptedException {
        if (!process.waitFor(Waiting.LONG.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("it did not end");
        }
    }

    /** Sends it a signal, such as STOP. */
    void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    // ---- in that process

    static Agent teller(JdbcSessionStore store, ScriptedModel model) {
        return Agent.builder()
                .name("Teller")
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .addHistory(10)
                .build();
    }

    static Agent booker(JdbcSessionStore store, ScriptedModel model, Runnable booking) {
        return Agent.builder()
                .name("Booker")
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .addHistory(10)
                .tools(Tools.tool("book", _ -> {
                            booking.run();
                            return "booked";
                        })
                        .withConfirmation("Book it?"))
                .build();
    }

    /** @param code of its first step */
    static Workflow publisher(JdbcSessionStore store, Runnable code) {
        return workflow(
                store,
                code,
                Step.of("publish", input -> StepOutput.of("Published " + input.text()))
                        .confirm("Publish it?"));
    }

    /** @param code of its first step */
    static Workflow traveller(JdbcSessionStore store, Runnable code, ScriptedModel model, Runnable booking) {
        return workflow(store, code, Step.of("book", booker(store, model, booking)));
    }

    /** @param leader what the leader says */
    static Team team(JdbcSessionStore store, Script leader, ScriptedModel model, Runnable booking) {
        return Team.builder()
                .name("Office")
                .model(ScriptedModel.of(leader))
                .members(booker(store, model, booking))
                .store(store)
                .storeWait(Waiting.LONG)
                .build();
    }

    private static Workflow workflow(JdbcSessionStore store, Runnable code, Step second) {
        var first = Step.of("plan", _ -> {
            code.run();
            return StepOutput.of("the plan");
        });
        return Workflow.builder()
                .name("Flow")
                .store(store)
                .storeWait(Waiting.LONG)
                .steps(first, second)
                .build();
    }

    public static void main(String... args) throws IOException {
        warmUp();
        var store = JdbcSessionStore.sqlite(Path.of(args[0]), Duration.ofMillis(Long.parseLong(args[1])));
        say("ready");
        var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = orders.readLine(); line != null; line = orders.readLine()) {
            var words = line.split(" ");
            var options = RunOptions.defaults().runId(words[1]).sessionId(SESSION);
            Thread.ofVirtual().start(() -> {
                Runnable plan = () -> say("planned");
                Runnable booking = () -> say("booked");
                var model = ScriptedModel.of(Script.toolCall("book", "{}"));
                switch (words[0]) {
                    case "tell" -> tell(store, options);
                    case "book" -> pause(booker(store, model, booking), options);
                    case "publish" -> pause(publisher(store, plan), options);
                    case "lead" -> pause(team(store, Script.toolCall(DELEGATE, TASK), model, booking), options);
                    default -> pause(traveller(store, plan, model, booking), options);
                }
            });
        }
    }

    /** The first run of a process loads thousands of classes, which takes a busy machine longer than a start waits for its store. */
    private static void warmUp() throws IOException {
        var folder = Files.createTempDirectory("warm-up");
        try (var store = JdbcSessionStore.sqlite(folder.resolve("rein.db"))) {
            Agent.builder()
                    .model(ScriptedModel.of("x"))
                    .store(store)
                    .storeOptional(true)
                    .storeWait(Waiting.LONG)
                    .build()
                    .run("Go");
        }
        try (var files = Files.list(folder)) {
            files.forEach(file -> file.toFile().deleteOnExit());
        }
        folder.toFile().deleteOnExit();
    }

    private static void tell(JdbcSessionStore store, RunOptions options) {
        var model = ScriptedModel.of(Script.tokens("Once", " upon").thenHang());
        var run = teller(store, model).start("Tell me", options);
        model.awaitWaiting(1);
        say("telling " + run.id());
        try {
            sayEnd(run.await());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause(Component component, RunOptions options) {
        var output = component.run("Book it", options);
        say("paused " + output.requirements().getFirst().id());
    }

    private static void sayEnd(RunOutput output) {
        var cause = output.cause();
        say("ended " + output.status() + " " + (cause == null ? "" : cause.kind() + " " + cause.reason()));
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
