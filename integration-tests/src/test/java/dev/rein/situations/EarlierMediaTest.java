package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.model.Image;
import dev.rein.model.InputFile;
import dev.rein.model.Message;
import dev.rein.model.ModelRequest;
import dev.rein.run.RunInput;
import dev.rein.runtime.RunOptions;
import dev.rein.session.InMemorySessionStore;
import dev.rein.team.Team;
import dev.rein.testkit.ScriptedModel;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Images and files of earlier turns go to the model again by choice only. */
class EarlierMediaTest {
    private static final Image PICTURE = Image.of(new byte[3 << 20], "image/png");
    private static final InputFile PDF = InputFile.of("report.pdf", "application/pdf", new byte[2048]);
    private static final RunOptions IN_SESSION = RunOptions.defaults().sessionId("s");

    private final InMemorySessionStore store = new InMemorySessionStore();
    private final ScriptedModel model = ScriptedModel.always("Seen.").files("application/pdf");

    private AgentBuilder agent() {
        return Agent.builder().model(model).store(store).addHistory(100);
    }

    private static long mediaIn(ModelRequest request) {
        return request.messages().stream()
                .mapToLong(message -> message.images().size() + message.files().size())
                .sum();
    }

    @Test
    void thirtyTurnsWithAPictureSendOnePictureEach() {
        var agent = agent().build();
        for (var turn = 0; turn < 30; turn++) {
            agent.run(RunInput.of("Look " + turn).image(PICTURE), IN_SESSION);
        }

        assertThat(model.requests()).hasSize(30).allMatch(request -> mediaIn(request) == 1);
        var last = model.requests().getLast().messages();
        assertThat(last.getLast().images()).containsExactly(PICTURE);
        assertThat(last.getFirst().content()).isEqualTo("Look 0\n[This message had an image: image/png, 3072 KiB]");
    }

    @Test
    void theStoredConversationKeepsWhatItHad() {
        var agent = agent().build();
        var first = agent.run(RunInput.of("Read").file(PDF), IN_SESSION);
        agent.run("And?", IN_SESSION);

        var stored = store.run(first.runId()).orElseThrow();
        assertThat(stored.input().files()).containsExactly(PDF);
        assertThat(stored.messages().getFirst().files()).containsExactly(PDF);
        assertThat(stored.messages().getFirst().content()).isEqualTo("Read");
        assertThat(model.request(2).messages().getFirst())
                .isEqualTo(Message.user("Read\n[This message had a file: report.pdf, application/pdf, 2 KiB]"));
    }

    @Test
    void theLatestMessagesKeepTheirMediaIfWanted() {
        var agent = agent().earlierMedia(2).build();
        for (var turn = 0; turn < 4; turn++) {
            agent.run(RunInput.of("Look").image(PICTURE).file(PDF), IN_SESSION);
            agent.run("And?", IN_SESSION);
        }

        assertThat(model.requests().stream().map(EarlierMediaTest::mediaIn))
                .containsExactly(2L, 2L, 4L, 4L, 6L, 4L, 6L, 4L);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Agent.builder().earlierMedia(-1))
                .withMessageContaining("-1");
    }

    @Test
    void aMessageOfMediaAloneBecomesWords() {
        var agent = agent().build();
        agent.run(new RunInput("", List.of(new Image("https://example.com/cat.png"))), IN_SESSION);
        agent.run("And?", IN_SESSION);

        assertThat(model.request(2).messages().getFirst().content())
                .isEqualTo("[This message had an image: https://example.com/cat.png]");
    }

    @Test
    void theLeaderOfATeamGetsThemLikewise() {
        var team = Team.builder()
                .model(model)
                .members(Agent.builder()
                        .name("Helper")
                        .model(ScriptedModel.always("ok"))
                        .build())
                .store(store)
                .addHistory(9)
                .build();
        team.run(RunInput.of("Look").image(PICTURE), IN_SESSION);
        team.run("And?", IN_SESSION);
        assertThat(mediaIn(model.request(2))).isZero();
    }

    @Test
    void aToolCallSendsThePictureOfItsTurnAgain() {
        var asking = ScriptedModel.create().toolCall("nothing", "{}").answer("Done");
        Agent.builder().model(asking).build().run(RunInput.of("Look").image(PICTURE), RunOptions.defaults());

        assertThat(asking.requests()).hasSize(2).allMatch(request -> mediaIn(request) == 1);
    }
}
