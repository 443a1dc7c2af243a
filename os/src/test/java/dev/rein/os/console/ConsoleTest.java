package dev.rein.os.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.os.AgentOS;
import dev.rein.os.AgentOSBuilder;
import dev.rein.runtime.Runs;
import dev.rein.store.JdbcSessionStore;
import dev.rein.team.Team;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server with an agent, a team and a workflow on a scripted model, and a page that shows its console. */
abstract class ConsoleTest {
    protected final ScriptedModel model = ScriptedModel.create().id("scripted-1");
    protected final Runs runs = Runs.create();
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    protected Path folder;

    protected JdbcSessionStore store;
    protected AgentOS os;
    protected Page page;

    /** Tools of the agent. */
    public static final class Tools {
        @Tool(value = "Look up a word", name = "look_up")
        public String lookUp(String word) {
            return "{\"word\": \"" + word + "\", \"found\": true}";
        }

        @Tool(value = "Delete a file", name = "delete_file", requiresConfirmation = true)
        public String deleteFile(String path) {
            return "deleted " + path;
        }
    }

    @BeforeEach
    void start() {
        page = new Page(Browser.get());
        store = JdbcSessionStore.sqlite(folder.resolve("rein.db"));
        os = serve(0);
    }

    /** Starts a server with the same components and store. */
    protected AgentOS serve(int port) {
        return customized(AgentOS.builder()
                        .name("Test server")
                        .securityKey(null)
                        .port(port)
                        .drain(Duration.ZERO)
                        .store(store)
                        .runs(runs)
                        .agents(writer())
                        .teams(Team.builder()
                                .name("Newsroom")
                                .description("An editor and a writer")
                                .runs(runs)
                                .model(model)
                                .members(writer())
                                .build())
                        .workflows(Workflow.builder()
                                .name("Article")
                                .description("From notes to a text")
                                .runs(runs)
                                .steps(
                                        Step.of("gather", writer()),
                                        Parallel.of("improve", Step.of("facts", writer()), Step.of("style", writer())))
                                .build()))
                .build()
                .start();
    }

    protected AgentOSBuilder customized(AgentOSBuilder builder) {
        return builder;
    }

    private Agent writer() {
        return Agent.builder()
                .name("Writer")
                .description("Writes texts")
                .runs(runs)
                .model(model)
                .tools(new Tools())
                .build();
    }

    @AfterEach
    void close() {
        try {
            if (page != null) {
                assertThat(page.errors())
                        .as("errors and violations of the policy")
                        .isEmpty();
            }
        } finally {
            if (page != null) {
                page.close();
            }
            if (os != null) {
                os.close();
            }
            if (store != null) {
                store.close();
            }
            runs.close();
        }
    }

    protected Page open(String view) {
        page.open(os.url() + "/console#/" + view);
        return page.untilShown("nav, .gate form");
    }

    /** Writes a message to the chosen component and sends it. */
    protected Page say(String message) {
        return page.type(".composer textarea", message).key("Enter");
    }

    protected Page choose(String component) {
        return page.choose(".picker select", component);
    }

    /** Starts a run in the background, as another client does. */
    protected String begin(String path, String message, String session) throws Exception {
        var body = "background=true&stream=false&message=" + message + "&session_id=" + session;
        var answer = client.send(
                HttpRequest.newBuilder(URI.create(os.url() + path + "/runs"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return answer.body().replaceAll(".*\"run_id\":\\s*\"([^\"]+)\".*", "$1");
    }
}
