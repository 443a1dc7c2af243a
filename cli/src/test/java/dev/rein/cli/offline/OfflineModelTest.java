package dev.rein.cli.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.agent.Agent;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunContent;
import dev.rein.tool.Param;
import dev.rein.tool.Tool;
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

    /** A tool that needs every kind of argument. */
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
