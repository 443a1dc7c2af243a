package dev.rein.bench.os;

import dev.rein.agent.Agent;
import dev.rein.bench.harness.Heap;
import dev.rein.bench.provider.Models;
import dev.rein.openai.OpenAIChat;
import dev.rein.os.AgentOS;
import dev.rein.store.JdbcSessionStore;
import dev.rein.team.Team;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A server as a process of its own: {@code agentos FILE PROVIDER} or {@code bare - PROVIDER}. Says where it listens; answers
 * each line of its input with the bytes of live heap; ends with its input.
 */
final class ServerMain {
    static final String READY = "listening on ";

    private ServerMain() {}

    public static void main(String[] args) throws Exception {
        var url = args[0].equals("bare") ? BareServer.start(args[2]) : agentOs(Path.of(args[1]), args[2]);
        System.out.println(READY + url);
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (input.readLine() != null) {
            System.out.println(Heap.used());
        }
        Runtime.getRuntime().halt(0);
    }

    private static String agentOs(Path file, String provider) {
        var store = JdbcSessionStore.sqlite(file);
        var model = OpenAIChat.builder()
                .id("fake-model")
                .apiKey("none")
                .baseUrl(provider)
                .build();
        var writer = Agent.builder().name("Writer").model(model).store(store).build();
        var instant = Agent.builder()
                .name("Instant")
                .model(new Models.Instant())
                .store(store)
                .build();
        var team = Team.builder()
                .name("Writers")
                .model(model)
                .store(store)
                .members(writer)
                .build();
        return AgentOS.builder()
                .name("Bench OS")
                .port(0)
                .store(store)
                .drain(Duration.ZERO)
                .agents(writer, instant)
                .teams(team)
                .build()
                .start()
                .url();
    }
}
