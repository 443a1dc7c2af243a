package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.session.InMemorySessionStore;
import dev.rein.team.Team;
import dev.rein.testkit.ScriptedModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lists of runs are pages, limited in number and size. */
class RunPagesTest {
    private static final int PAGE = 100_000;
    private static final List<String> LISTS =
            List.of("/sessions/s/runs?x=1", "/sessions/s/run-previews?x=1", "/agents/writer/runs?session_id=s");

    private final ScriptedModel model = ScriptedModel.always("ok");
    private final Agent writer = Agent.builder().name("Writer").model(model).build();
    private final AgentOS os = AgentOS.builder()
            .port(0)
            .store(new InMemorySessionStore())
            .limits(ServerLimits.standard().pageBytes(PAGE))
            .agents(writer)
            .teams(Team.builder().name("Band").model(model).members(writer).build())
            .build()
            .start();
    private final TestClient http = new TestClient(os);
    private final List<String> ids = new ArrayList<>();

    @BeforeEach
    void runSome() {
        for (var i = 0; i < 7; i++) {
            run("hi");
        }
    }

    private void run(String message) {
        ids.add(http.post("/agents/writer/runs", "message", message, "session_id", "s", "stream", "false")
                .json()
                .path("run_id")
                .asText());
    }

    @AfterEach
    void close() {
        os.close();
    }

    private static List<String> idsOf(TestClient.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        var ids = new ArrayList<String>();
        answer.json().forEach(run -> ids.add(run.path("run_id").asText()));
        return ids;
    }

    @Test
    void theLatestRunsComeFirstEachPageInTheOrderOfTheirStart() {
        for (var list : LISTS) {
            assertThat(idsOf(http.get(list))).as(list).isEqualTo(ids);
            assertThat(http.get(list).header("X-Next-Before")).isEmpty();

            var last = http.get(list + "&limit=3");
            assertThat(idsOf(last)).isEqualTo(ids.subList(4, 7));
            assertThat(last.header("X-Next-Before")).isEqualTo(ids.get(4));

            var middle = http.get(list + "&limit=3&before=" + ids.get(4));
            assertThat(idsOf(middle)).isEqualTo(ids.subList(1, 4));
            var first = http.get(list + "&limit=3&before=" + middle.header("X-Next-Before"));
            assertThat(idsOf(first)).isEqualTo(ids.subList(0, 1));
            assertThat(first.header("X-Next-Before")).isEmpty();

            assertThat(http.get(list + "&before=unknown").status()).isEqualTo(400);
            assertThat(http.get(list + "&limit=1001").status()).isEqualTo(422);
        }
    }

    @Test
    void aPageHasALimitedSizeButAtLeastOneRun() {
        for (var i = 0; i < 5; i++) {
            run("x".repeat(i == 4 ? 3 * PAGE : PAGE / 3));
        }
        for (var list : List.of("/sessions/s/runs?x=1", "/agents/writer/runs?session_id=s")) {
            var largest = http.get(list);
            assertThat(idsOf(largest)).as(list).isEqualTo(ids.subList(11, 12));
            var read = new ArrayList<>(idsOf(largest));
            for (var answer = largest; !answer.header("X-Next-Before").isEmpty(); ) {
                answer = http.get(list + "&before=" + answer.header("X-Next-Before"));
                assertThat(answer.body()).hasSizeLessThan(2 * PAGE);
                read.addAll(0, idsOf(answer));
            }
            assertThat(read).isEqualTo(ids);
        }
        var previews = http.get("/sessions/s/run-previews");
        assertThat(idsOf(previews)).isEqualTo(ids);
        assertThat(previews.body()).hasSizeLessThan(PAGE / 2);
    }
}
