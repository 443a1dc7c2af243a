package dev.rein.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.internal.InterruptionTexts;
import dev.rein.model.Message;
import dev.rein.model.OutgoingRequests;
import dev.rein.model.Role;
import dev.rein.model.ToolCall;
import java.util.List;
import org.junit.jupiter.api.Test;

class TranscriptTest {
    private static final ToolCall FIRST = new ToolCall("c1", "first", "{}");
    private static final ToolCall SECOND = new ToolCall("c2", "second", "{}");
    private static final ToolCall THIRD = new ToolCall("c3", "third", "{}");

    private final Transcript transcript = new Transcript();

    private void ask() {
        transcript.context(List.of(Message.system("Be kind."), Message.user("earlier"), Message.assistant("then")));
        transcript.add(Message.user("now"));
    }

    private static Message result(ToolCall call) {
        return Message.tool(call, call.name() + " done", false);
    }

    private static Message answer(ToolCall... calls) {
        return Message.assistant("I will look.", null, List.of(calls));
    }

    @Test
    void resultsAreAddedInTheOrderOfTheirCallsOnceAllArePresent() {
        ask();
        transcript.addResponse(answer(FIRST, SECOND));
        transcript.toolStarted(FIRST);
        transcript.toolStarted(SECOND);
        transcript.toolResult(SECOND, result(SECOND));
        assertThat(transcript.messages()).hasSize(5);
        transcript.toolResult(FIRST, result(FIRST));
        assertThat(transcript.messages().subList(5, 7)).containsExactly(result(FIRST), result(SECOND));
        assertThat(transcript.messages()).doesNotContain(Message.assistant(""));
    }

    @Test
    void theRepairOfACallWithoutAResultDependsOnWhetherItStarted() {
        ask();
        transcript.addResponse(answer(FIRST, SECOND, THIRD));
        transcript.toolStarted(FIRST);
        transcript.toolResult(FIRST, result(FIRST));
        transcript.toolStarted(SECOND);
        var repaired = transcript.repaired();
        assertThat(repaired.get(5)).isEqualTo(result(FIRST));
        assertThat(repaired.get(6))
                .isEqualTo(Message.tool(SECOND, InterruptionTexts.UNKNOWN_EFFECTS, true)
                        .asInterrupted());
        assertThat(repaired.get(7))
                .isEqualTo(
                        Message.tool(THIRD, InterruptionTexts.NOT_STARTED, true).asInterrupted());
        assertThat(repaired.get(8))
                .isEqualTo(Message.assistant(InterruptionTexts.NO_ANSWER).asInterrupted());
        assertThat(repaired).hasSize(9);
    }

    @Test
    void partialTextIsAMessageOfItsOwnMarkedInterrupted() {
        ask();
        transcript.appendPartial("Once ");
        transcript.appendPartial("upon");
        assertThat(transcript.messages()).hasSize(4);
        assertThat(transcript.repaired().getLast())
                .isEqualTo(Message.assistant("Once upon").asInterrupted());
        transcript.addResponse(Message.assistant("Once upon a time"));
        assertThat(transcript.repaired().getLast()).isEqualTo(Message.assistant("Once upon a time"));
    }

    @Test
    void blankPartialTextIsDropped() {
        ask();
        transcript.appendPartial(" \n");
        assertThat(transcript.repaired().getLast().content()).isEqualTo(InterruptionTexts.NO_ANSWER);
    }

    @Test
    void repairingDoesNotModifyTheTranscript() {
        ask();
        transcript.addResponse(answer(FIRST));
        transcript.toolStarted(FIRST);
        transcript.appendPartial("torn");
        var before = transcript.messages();
        assertThat(transcript.repaired()).isEqualTo(transcript.repaired());
        assertThat(transcript.messages()).isEqualTo(before);
    }

    @Test
    void ownMessagesExcludeTheContext() {
        ask();
        transcript.addResponse(Message.assistant("fine"));
        assertThat(transcript.repairedOwn()).containsExactly(Message.user("now"), Message.assistant("fine"));
        assertThat(transcript.repaired()).hasSize(5);
    }

    @Test
    void itIsEmptyUntilAnOwnMessageIsAdded() {
        assertThat(transcript.isEmpty()).isTrue();
        transcript.context(List.of(Message.system("Be kind.")));
        assertThat(transcript.isEmpty()).isTrue();
        transcript.add(Message.user("now"));
        assertThat(transcript.isEmpty()).isFalse();
    }

    @Test
    void aRepairedConversationEndsWithAnAssistantMessage() {
        assertThat(transcript.repaired())
                .singleElement()
                .satisfies(message -> assertThat(message.role()).isEqualTo(Role.ASSISTANT));
        ask();
        assertThat(transcript.repaired().getLast().role()).isEqualTo(Role.ASSISTANT);
    }

    @Test
    void theCallsOfABatchHaveResultsWhateverTheConversationGoesOnWith() {
        ask();
        transcript.addResponse(answer(FIRST, SECOND));
        transcript.toolStarted(FIRST);
        transcript.toolResult(SECOND, result(SECOND));
        transcript.addResponse(Message.assistant("In place of that."));
        transcript.toolResult(FIRST, result(FIRST));

        var unknown =
                Message.tool(FIRST, InterruptionTexts.UNKNOWN_EFFECTS, true).asInterrupted();
        assertThat(transcript.messages().subList(5, 8))
                .containsExactly(unknown, result(SECOND), Message.assistant("In place of that."));
        assertThat(transcript.repaired()).isEqualTo(transcript.messages());
    }

    @Test
    void blankMessagesAreReplacedByWordsThatSaySo() {
        transcript.add(Message.user(" \n"));
        transcript.addResponse(Message.assistant(" ", null, List.of(FIRST)));
        transcript.toolResult(FIRST, Message.tool(FIRST, "", false));
        transcript.addResponse(Message.assistant("\t"));

        assertThat(transcript.messages())
                .extracting(Message::content)
                .containsExactly(OutgoingRequests.EMPTY_INPUT, "", "", OutgoingRequests.EMPTY_ANSWER);
    }
}
