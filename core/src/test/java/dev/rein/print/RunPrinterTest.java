package dev.rein.print;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.cancel.CancelKind;
import dev.rein.run.ComponentKind;
import dev.rein.run.Requirement;
import dev.rein.run.event.CustomEvent;
import dev.rein.run.event.RunPaused;
import dev.rein.run.event.ToolCallError;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is printed, compared with files; on a terminal of 40 columns and as plain text. */
class RunPrinterTest {
    private static final String LONG =
            "The dragon typed one letter after the other, and each took her a whole minute.\n\n"
                    + "    indented code\n- a list with 日本語 and 🐉\n";

    private static String plain(Recording recording) {
        var out = new StringWriter();
        print(recording, RunPrinter.builder(new PrintWriter(out)).build());
        return out.toString();
    }

    private static String onTerminal(Recording recording) {
        var screen = new Screen(40);
        print(
                recording,
                RunPrinter.builder(new PrintWriter(screen))
                        .terminal(() -> 40)
                        .colours(true)
                        .build());
        return screen.shown();
    }

    private static void print(Recording recording, RunPrinter printer) {
        recording.events.forEach(printer::print);
        printer.finish(null);
    }

    private static void check(String name, Recording recording) throws IOException {
        Golden.check(name + ".txt", plain(recording));
        Golden.check(name + "-terminal.txt", onTerminal(recording));
    }

    @Test
    void anAgentWithTools() throws IOException {
        var agent = Recording.root(ComponentKind.AGENT, "Storyteller");
        check(
                "agent",
                new Recording()
                        .starts(agent)
                        .asks(agent)
                        .says(agent, "Let me ", "look.")
                        .answered(agent)
                        .calls(agent, "1", "search", "{\"query\":\"dragons who code\",\"limit\":5}")
                        .returns(agent, "1", "search", Duration.ofMillis(420))
                        .calls(agent, "2", "weather", "{}")
                        .calls(agent, "3", "broken", "no JSON")
                        .returns(agent, "2", "weather", Duration.ofSeconds(75))
                        .returns(agent, "3", "broken", Duration.ofMillis(1))
                        .add(agent, meta -> new ToolCallError(meta, Recording.call("3", "broken", ""), "it broke"))
                        .add(agent, meta -> new CustomEvent(meta, "halfway", Map.of()))
                        .asks(agent)
                        .says(agent, LONG.split("(?<= )"))
                        .answered(agent)
                        .completed(agent, "ignored"));
    }

    @Test
    void aTeamWithMembersThatWriteAtTheSameTime() throws IOException {
        var team = Recording.root(ComponentKind.TEAM, "Storytelling Team");
        var writer = Recording.member(team, "Writer");
        var editor = Recording.member(team, "Editor");
        check(
                "team",
                new Recording()
                        .starts(team)
                        .asks(team)
                        .answered(team)
                        .calls(team, "1", "delegate", "{\"member\":\"writer\"}")
                        .calls(team, "2", "delegate", "{\"member\":\"editor\"}")
                        .starts(writer)
                        .starts(editor)
                        .asks(writer)
                        .asks(editor)
                        .says(writer, "Once ")
                        .says(editor, "I read ")
                        .says(writer, "upon ", "a time.")
                        .says(editor, "and ")
                        .answered(writer)
                        .says(editor, "correct.")
                        .answered(editor)
                        .completed(writer, "Once upon a time.")
                        .failed(editor, "the pencil broke")
                        .returns(team, "1", "delegate", Duration.ofSeconds(9))
                        .returns(team, "2", "delegate", Duration.ofSeconds(10))
                        .asks(team)
                        .says(team, "Done.")
                        .answered(team)
                        .completed(team, "Done."));
    }

    @Test
    void aWorkflowWithParallelStepsAndAFunction() throws IOException {
        var workflow = Recording.root(ComponentKind.WORKFLOW, "Article Workflow");
        var both = Recording.step("both", null);
        var left = Recording.step("left", both.stepId());
        var right = Recording.step("right", both.stepId());
        var count = Recording.step("count", null);
        var leftAgent = Recording.executor("Left", left);
        var rightAgent = Recording.executor("Right", right);
        check(
                "workflow",
                new Recording()
                        .starts(workflow)
                        .parallel(workflow, both)
                        .step(workflow, left)
                        .step(workflow, right)
                        .starts(leftAgent)
                        .starts(rightAgent)
                        .says(leftAgent, "left ")
                        .says(rightAgent, "right")
                        .says(leftAgent, "and more left")
                        .completed(leftAgent, "")
                        .stepEnds(workflow, left, "left and more left")
                        .completed(rightAgent, "")
                        .stepEnds(workflow, right, "right")
                        .stepEnds(workflow, both, "right")
                        .step(workflow, count)
                        .stepEnds(workflow, count, "3 words")
                        .completed(workflow, "3 words"));
    }

    @Test
    void aStoppedTeamWhoseStoredEventsHaveNoPartsOfItsText() throws IOException {
        var team = Recording.root(ComponentKind.TEAM, "Storytelling Team");
        var writer = Recording.member(team, "Writer");
        check(
                "stopped",
                new Recording()
                        .starts(team)
                        .calls(team, "1", "delegate", "{}")
                        .starts(writer)
                        .cancelled(writer, CancelKind.PARENT, "Once upon")
                        .cancelled(team, CancelKind.USER, ""));
    }

    @Test
    void aPausedRunSaysWhatItWaitsFor() throws IOException {
        var agent = Recording.root(ComponentKind.AGENT, "Cleaner");
        var call = Recording.call("1", "delete_file", "{\"path\":\"notes.txt\"}");
        var requirement = new Requirement(
                "1",
                Requirement.Kind.CONFIRMATION,
                "run-1",
                "id",
                call,
                null,
                "may it be deleted?",
                List.of(),
                List.of(),
                Instant.EPOCH);
        check(
                "paused",
                new Recording()
                        .starts(agent)
                        .asks(agent)
                        .add(agent, meta -> new RunPaused(meta, List.of(requirement))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\u001b[2J", "\u001b]0;title\u0007", "\u009b31m", "\u202e", "\u0008", "\u007f", "\u2066", "\r"})
    void hostileTextIsShownAsText(String hostile) {
        var agent = Recording.root(ComponentKind.AGENT, "a" + hostile);
        var recording = new Recording()
                .starts(agent)
                .says(agent, "text" + hostile)
                .calls(agent, "1", "tool" + hostile, "{\"a" + hostile + "\":1}")
                .returns(agent, "1", "tool" + hostile, Duration.ZERO)
                .add(agent, meta -> new ToolCallError(meta, Recording.call("1", "t", ""), "error" + hostile))
                .add(agent, meta -> new CustomEvent(meta, "event" + hostile, Map.of()))
                .failed(agent, "failed" + hostile);

        // A terminal's screen fails at what is no instruction of the printer.
        assertThat(onTerminal(recording)).contains("text", "tool", "error", "event", "failed");
        assertThat(plain(recording).codePoints())
                .noneMatch(each ->
                        (Character.isISOControl(each) && each != '\n') || Character.getType(each) == Character.FORMAT);
    }

    @Test
    void withAWriterForNotesTheTextIsPrintedAloneAndUnchanged() {
        var team = Recording.root(ComponentKind.TEAM, "Team");
        var writer = Recording.member(team, "Writer");
        var out = new StringWriter();
        var notes = new StringWriter();
        print(
                new Recording()
                        .starts(team)
                        .starts(writer)
                        .says(writer, "one\n\n", "two")
                        .completed(writer, "")
                        .says(team, "three")
                        .completed(team, "three"),
                RunPrinter.builder(new PrintWriter(out))
                        .notes(new PrintWriter(notes))
                        .charset(StandardCharsets.US_ASCII)
                        .build());

        assertThat(out.toString()).isEqualToNormalizingNewlines("one\n\ntwo\nthree\n");
        assertThat(notes.toString().lines())
                .containsExactly(
                        "Team  tiny, run run-1",
                        "  Writer  tiny",
                        "Team",
                        "* completed, 12.3 s, 2,400 tokens in, 68 out, $0.0123");
    }

    @Test
    void aTerminalShowsWhatTheRunDoesNow() {
        var team = Recording.root(ComponentKind.TEAM, "Team");
        var writer = Recording.member(team, "Writer");
        var screen = new Screen(60);
        var printer =
                RunPrinter.builder(new PrintWriter(screen)).terminal(() -> 60).build();
        var recording = new Recording().starts(team).calls(team, "1", "search", "{\"query\":\"x\"}");
        recording.events.forEach(printer::print);
        assertThat(screen.shown()).containsPattern("\n. search\\(query: \"x\"\\) · [0-9.]+ s( · [0-9.]+ s in all)?\n$");

        new Recording()
                .returns(team, "1", "search", Duration.ZERO)
                .asks(writer)
                .events
                .forEach(printer::print);
        assertThat(screen.shown()).containsPattern("\n. Writer: waiting for tiny · [0-9.]+ s( · [0-9.]+ s in all)?\n$");

        new Recording().says(writer, "Hi").events.forEach(printer::print);
        assertThat(screen.shown()).containsPattern("\n  Hi\n. Writer: writing · [0-9.]+ s( · [0-9.]+ s in all)?\n$");

        new Recording().completed(writer, "Hi").completed(team, "").events.forEach(printer::print);
        assertThat(screen.shown()).endsWith("\n  Hi\n");
    }

    @Test
    void aRunThatFallsSilentLetsOthersWriteOnceTheyAreManyCharactersBehind() {
        var team = Recording.root(ComponentKind.TEAM, "Team");
        var one = Recording.member(team, "One");
        var two = Recording.member(team, "Two");
        var out = new StringWriter();
        var printer = RunPrinter.builder(new PrintWriter(out)).build();
        new Recording()
                .starts(team)
                .says(one, "silent from now on")
                .says(two, "waiting")
                .events
                .forEach(printer::print);
        assertThat(out.toString()).doesNotContain("waiting");

        new Recording().says(two, "x".repeat(1 << 20)).events.forEach(printer::print);
        assertThat(out.toString()).contains("silent from now on\n\n  Two\n  waitingxxx");
    }
}
