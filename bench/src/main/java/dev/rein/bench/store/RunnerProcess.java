package dev.rein.bench.store;

import dev.rein.agent.Agent;
import dev.rein.openai.OpenAIChat;
import dev.rein.store.JdbcSessionStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The process that has the runs which another one stops. It starts one for each line that it reads, and says its id. */
final class RunnerProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader said;
    private final PrintStream orders;

    RunnerProcess(String storeUrl, String modelUrl) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djdk.httpclient.bufsize=2048",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RunnerProcess.class.getName(),
                        storeUrl,
                        modelUrl)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        said = process.inputReader(StandardCharsets.UTF_8);
        orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    /** Starts a run there. @return its id */
    String startRun() throws IOException {
        orders.println("start");
        for (var line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith("run ")) {
                return line.substring(4);
            }
        }
        throw new IOException("the process that has the runs has ended");
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** Arguments: the store's URL, the provider's address. */
    public static void main(String... args) throws IOException {
        var model = OpenAIChat.builder()
                .id("fake-model")
                .apiKey("none")
                .baseUrl(args[1])
                .build();
        var store = JdbcSessionStore.postgres(args[0], "postgres", "postgres");
        var agent =
                Agent.builder().name("Bench Agent").model(model).store(store).build();
        var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = orders.readLine(); line != null; line = orders.readLine()) {
            System.out.println("run " + agent.start("Tell me a story.").id());
        }
    }
}
