package dev.rein.load;

import dev.rein.agent.Agent;
import dev.rein.model.ModelResponse;
import dev.rein.openai.OpenAIChat;
import dev.rein.os.AgentOS;
import dev.rein.store.JdbcSessionStore;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A server in a process of its own with 1 GB of heap. It ends if it runs out of memory, and when its input is closed. Its agents:
 * {@code talker} uses the provider that is given; {@code writer} answers at once; {@code pacer} says a word every {@link #PACE};
 * {@code flood} says {@link #FLOOD} characters as fast as it can. The workflow {@code flow} is the writer.
 */
final class LoadServer implements AutoCloseable {
    static final Duration PACE = Duration.ofMillis(100);
    static final int FLOOD = 100_000;

    private static final String PORT = "port ";
    private static final int WORD = 500;
    private static final long START_SECONDS = 60;

    private final Process process;
    private final int port;

    private LoadServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * @param store the file of its store; empty for none
     * @param provider the base URL of the talker's provider
     */
    static LoadServer start(String store, String provider) throws IOException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx1g",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        LoadServer.class.getName(),
                        store,
                        provider)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var out = process.inputReader();
        var line = out.readLine();
        while (line != null && !line.startsWith(PORT)) {
            line = out.readLine();
        }
        if (line == null) {
            process.destroyForcibly();
            throw new AssertionError("the server has ended without telling its port");
        }
        Thread.ofVirtual().start(() -> out.lines().forEach(_ -> {}));
        return new LoadServer(process, Integer.parseInt(line.substring(PORT.length())));
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    // ---- in that process

    public static void main(String... args) throws Exception {
        var talker =
                OpenAIChat.builder().id("fake").baseUrl(args[1]).apiKey("none").build();
        var writer = agent("Writer", ScriptedModel.always("ok"));
        var os = AgentOS.builder()
                .port(0)
                .agents(
                        Agent.builder().name("Talker").model(talker).build(),
                        writer,
                        agent("Pacer", pacer()),
                        agent("Flood", flood()))
                .workflows(Workflow.builder()
                        .name("Flow")
                        .steps(Step.of("write", writer))
                        .build());
        try (var store = args[0].isEmpty() ? null : JdbcSessionStore.sqlite(Path.of(args[0]));
                var server = (store == null ? os : os.store(store)).build().start()) {
            System.out.println(PORT + server.port());
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private static Agent agent(String name, ScriptedModel model) {
        return Agent.builder().name(name).model(model.keep(1)).build();
    }

    private static ScriptedModel pacer() {
        return ScriptedModel.create()
                .answerWith((_, call) -> {
                    try {
                        for (var i = 0L; ; i++) {
                            call.text("w" + i + " ");
                            Thread.sleep(PACE);
                        }
                    } catch (InterruptedException e) {
                        throw new IllegalStateException("stopped", e);
                    }
                })
                .repeating();
    }

    private static ScriptedModel flood() {
        var word = "x".repeat(WORD);
        return ScriptedModel.create()
                .answerWith((_, call) -> {
                    for (var i = 0; i < FLOOD / WORD; i++) {
                        call.text(word);
                    }
                    return ModelResponse.of(word.repeat(FLOOD / WORD));
                })
                .repeating();
    }
}
