package dev.rein.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Invalid histories written by other programs would make every later turn of the session fail. */
class CallResultsTest {
    private static final ToolCall FIRST = new ToolCall("c1", "look", "{}");
    private static final ToolCall SECOND = new ToolCall("c2", "look", "{}");
    private static final Message USER = Message.user("Hi");
    private static final Message BOTH = Message.assistant("", null, List.of(FIRST, SECOND));
    private static final Message ONE = Message.tool(FIRST, "one", false);
    private static final Message TWO = Message.tool(SECOND, "two", false);
    private static final Message ANSWER = Message.assistant("done");

    @Test
    void aValidHistoryIsUnchanged() {
        var messages = List.of(USER, BOTH, TWO, ONE, ANSWER);

        assertThat(CallResults.repaired(messages)).isSameAs(messages);
    }

    @Test
    void orphanAndDuplicateResultsAreDropped() {
        var again = Message.tool(FIRST, "again", false);

        assertThat(CallResults.repaired(List.of(USER, ONE, BOTH, ONE, again, TWO, ANSWER)))
                .containsExactly(USER, BOTH, ONE, TWO, ANSWER);
    }

    @Test
    void misplacedResultsAreMovedBehindTheirCalls() {
        assertThat(CallResults.repaired(List.of(USER, BOTH, ONE, ANSWER, TWO)))
                .containsExactly(USER, BOTH, ONE, TWO, ANSWER);
    }

    @Test
    void missingResultsSayThatTheEffectsAreUnknown() {
        assertThat(CallResults.repaired(List.of(USER, BOTH, TWO, ANSWER)))
                .containsExactly(
                        USER,
                        BOTH,
                        Message.tool(FIRST, OutgoingRequests.NO_RESULT, true).asInterrupted(),
                        TWO,
                        ANSWER);
    }

    @Test
    void aReusedCallIdHasAResultOfItsOwn() {
        var call = Message.assistant("", null, List.of(FIRST));
        var later = Message.tool(FIRST, "later", false);

        assertThat(CallResults.repaired(List.of(USER, call, call, later, ANSWER)))
                .containsExactly(
                        USER,
                        call,
                        Message.tool(FIRST, OutgoingRequests.NO_RESULT, true).asInterrupted(),
                        call,
                        later,
                        ANSWER);
    }
}
