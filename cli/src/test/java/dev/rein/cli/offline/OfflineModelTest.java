package dev.rein.cli.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.agent.Agent;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.ToolExecution;
import dev.rein.run.event.RunContent;
import dev.rein.team.Team;
import dev.rein.tool.Param;
import dev.rein.tool.Tool;
import dev.rein.tools.web.HackerNewsTools;
import dev.rein.tools.web.WebSearchTools;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OfflineModelTest {
    private static final OfflineModel FAST = new OfflineModel(1_000_000);

    enum Unit {
        METRIC,
        IMPERIAL
    }

    record Place(String city, List<Integer> floors) {}

    /** A tool with every kind of argument. */
    public static final class Weather {
        final AtomicReference<String> seen = new AtomicReference<>("");

        @Tool("Tells the weather")
        public String weather(
                @Param("Where") Place place, Unit unit, double hours, boolean rain, Optional<String> remark) {
            seen.set(place + " " + unit + " " + hours + " " + rain + " " + remark);
            return "sunny";
        }
    }

    record Tale(String title, List<String> characters, int pages) {}

    @Test
    void theStoryIsLongAndRepeatsNoParagraph() {
        var paragraphs = paragraphs();

        assertThat(String.join(" ", paragraphs).split("\\s+")).hasSizeGreaterThan(2000);
        assertThat(paragraphs).doesNotHaveDuplicates();
    }

    private static List<String> paragraphs() {
        return List.of(Story.text().split("\\n\\n"));
    }

    @Test
    void anAnswerIsTheWholeStoryInManyPieces() {
        try (var events = Agent.of(FAST, "Tell stories.").stream("A dragon story, please")) {
            var pieces = 0;
            for (var event : events) {
                if (event instanceof RunContent) {
                    pieces++;
                }
            }
            assertThat(events.output().text()).isEqualTo(Story.text());
            assertThat(pieces).isGreaterThan(100);
            assertThat(events.output().metrics().usage().outputTokens())
                    .isBetween(
                            events.output().text().length() / 4L,
                            events.output().text().length() / 4L + 1);
        }
    }

    @Test
    void theFirstToolIsCalledWithArgumentsThatFitAndItsResultIsTheAnswer() {
        var weather = new Weather();
        var agent = Agent.builder().model(FAST).tools(weather).build();

        var output = agent.run("Oslo");

        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.tools()).singleElement().satisfies(call -> {
            assertThat(call.error()).as(call.result()).isFalse();
            assertThat(call.toolName()).isEqualTo("weather");
        });
        assertThat(weather.seen.get()).isEqualTo("Place[city=Oslo, floors=[1]] METRIC 1.0 true Optional.empty");
        assertThat(output.text()).isEqualTo("I called weather, and it answered: sunny");
    }

    @Test
    void theToolsForSearchingAreCalledAtOnceAndTheAnswerHasTheTitlesTheyFound() {
        var agent = Agent.builder()
                .model(FAST)
                .tools(new Weather(), WebSearchTools.offline(), HackerNewsTools.offline())
                .build();

        var output = agent.run("Dragons who code");

        assertThat(output.tools())
                .extracting(ToolExecution::toolName)
                .containsExactly("web_search", "get_top_hackernews_stories");
        assertThat(output.text())
                .startsWith("I called web_search, and it answered: ")
                .contains("\nI called get_top");
    }

    @Test
    void leadingATeamItGivesTheRequestToOneMemberAfterTheOther() {
        var team = Team.builder()
                .model(FAST)
                .members(
                        Agent.builder().name("Writer").model(FAST).build(),
                        Agent.builder().name("Editor").model(FAST).build())
                .build();

        var output = team.run("A dragon story");

        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.memberResponses()).extracting(RunOutput::componentId).containsExactly("writer", "editor");
        assertThat(output.memberResponses()).extracting(RunOutput::text).containsOnly(Story.text());
        assertThat(output.text()).startsWith("I called delegate_task_to_member");
    }

    @Test
    void aTypedAnswerFitsItsType() {
        var story = Agent.of(FAST, "").run("A dragon", Tale.class).value();

        assertThat(story).isEqualTo(new Tale("A dragon", List.of("A dragon"), 1));
    }

    @Test
    void aStopEndsItInTheMiddleOfAWord() throws Exception {
        var run = Agent.of(new OfflineModel(0.001), "").start("A story that would take a week");

        run.cancel();

        assertThat(run.await().status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(run.output().text()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 1_000_001})
    void aPaceThatMakesNoSenseIsRefused(double pace) {
        assertThatThrownBy(() -> new OfflineModel(pace))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(pace));
    }
}
