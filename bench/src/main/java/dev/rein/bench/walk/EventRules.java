package dev.rein.bench.walk;

import static dev.rein.bench.walk.Rules.require;
import static dev.rein.bench.walk.Rules.same;

import dev.rein.bench.walk.Journal.Code;
import dev.rein.cancel.CancelMode;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.event.LoopIterationStarted;
import dev.rein.run.event.ModelRequestStarted;
import dev.rein.run.event.ParallelExecutionStarted;
import dev.rein.run.event.PostHookStarted;
import dev.rein.run.event.PreHookStarted;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunCompleted;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunError;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.RunStarted;
import dev.rein.run.event.StepStarted;
import dev.rein.run.event.Terminal;
import dev.rein.run.event.ToolCallStarted;
import dev.rein.run.event.WorkflowCancelled;
import dev.rein.run.event.WorkflowCompleted;
import dev.rein.run.event.WorkflowError;
import dev.rein.run.event.WorkflowStarted;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Judges the events of a tree of runs, all of which were seen. */
final class EventRules {
    private final dev.rein.bench.walk.Outcome outcome;
    private final List<RunEvent> events;
    private final Map<String, Terminal> ends = new HashMap<>();
    private final Map<String, String> parents = new HashMap<>();

    EventRules(dev.rein.bench.walk.Outcome outcome) {
        this.outcome = outcome;
        this.events = outcome.events();
    }

    void check() {
        order();
        outputs(outcome.output());
        nothingStarts();
        calls();
        nothingAfterTheEnd();
    }

    /** Indices without gaps, except that the one after the end of a cancelled run stays free; one terminal event for each run, after those of its children. */
    private void order() {
        var begun = new HashSet<String>();
        var index = 0L;
        for (var event : events) {
            same(index, event.index(), "rule 5: the index of " + event.name());
            index += event instanceof Terminal end && end.status() == RunStatus.CANCELLED ? 2 : 1;
            if (begun.add(event.runId())) {
                require(
                        event instanceof RunStarted || event instanceof WorkflowStarted,
                        () -> "rule 5: the first event of a run is " + event);
            }
            require(!ends.containsKey(event.runId()), () -> "rule 5: after the end of its run came " + event);
            var parent = event.parentRunId();
            if (parent != null) {
                parents.put(event.runId(), parent);
                require(!ends.containsKey(parent), () -> "rule 5: after the end of its parent came " + event);
            }
            if (event instanceof Terminal end) {
                ends.put(event.runId(), end);
            }
        }
        same(begun, ends.keySet(), "rule 5: the runs that began, and those that ended");
        var last = events.getLast();
        require(
                last instanceof Terminal && last.runId().equals(outcome.output().runId()),
                () -> "rule 5: the last event is " + last);
    }

    private void outputs(RunOutput of) {
        var end = ends.get(of.runId());
        if (end != null) {
            same(of.status(), end.status(), "rule 4: the status of " + of.componentId() + " and of its last event");
            same(of.text(), content(end), "rule 6: the text of " + of.componentId() + " and of its last event");
            require(
                    end.status() != RunStatus.CANCELLED || Objects.equals(of.cause(), cause(end)),
                    () -> "rule 13: the cause of " + of.componentId() + " and of its last event");
            delivered(of);
        }
        of.memberResponses().forEach(this::outputs);
    }

    static String content(Terminal end) {
        return switch (end) {
            case RunCompleted event -> event.content();
            case RunError event -> event.content();
            case RunCancelled event -> event.content();
            case WorkflowCompleted event -> event.content();
            case WorkflowError event -> event.content();
            case WorkflowCancelled event -> event.content();
        };
    }

    private static @Nullable Object cause(Terminal end) {
        return switch (end) {
            case RunCancelled event -> event.cause();
            case WorkflowCancelled event -> event.cause();
            default -> null;
        };
    }

    /** The text was delivered by the run itself, or else by one below it. */
    private void delivered(RunOutput of) {
        var own = delivered(of.runId());
        if (own.endsWith(of.text()) || of.componentId().startsWith(NodeGenerator.ROUTING_TEAM)) {
            return;
        }
        require(
                own.isEmpty(),
                () -> "rule 6: " + of.componentId() + " has delivered \"" + own + "\", and its text is \"" + of.text()
                        + "\"");
    }

    private String delivered(String runId) {
        var text = new StringBuilder();
        for (var event : events) {
            if (event instanceof RunContent content && content.runId().equals(runId)) {
                text.append(content.content());
            }
        }
        return text.toString();
    }

    /** After a stop NOW has returned, nothing starts in the tree of the run that it stopped. */
    private void nothingStarts() {
        for (var stop : outcome.run().journal().stops()) {
            var result = stop.result();
            if (!result.stopping()
                    || result.effectiveMode() != CancelMode.NOW
                    || result.outcome() == Outcome.REMEMBERED) {
                continue;
            }
            for (var event : events) {
                require(
                        !isStart(event) || !isBelow(event.runId(), result.runId()) || !isAfter(event, stop.at()),
                        () -> "rule 2: after the stop of " + result.runId() + " had returned at " + stop.at()
                                + " began " + event);
            }
        }
    }

    private static boolean isAfter(RunEvent event, Instant at) {
        return event.meta().createdAt().isAfter(at);
    }

    private boolean isBelow(String runId, String top) {
        for (var id = runId; id != null; id = parents.get(id)) {
            if (id.equals(top)) {
                return true;
            }
        }
        return false;
    }

    /** That of a run does not count: a run that is stopped before it works says so, and ends. */
    private static boolean isStart(RunEvent event) {
        return switch (event) {
            case ModelRequestStarted _,
                    ToolCallStarted _,
                    PreHookStarted _,
                    PostHookStarted _,
                    StepStarted _,
                    LoopIterationStarted _,
                    ParallelExecutionStarted _,
                    RunContent _ -> true;
            default -> false;
        };
    }

    /** What was called was announced before: else a start could escape the rule about stops. */
    private void calls() {
        var announced = new HashMap<String, Integer>();
        for (var event : events) {
            var code = code(event);
            if (code != null) {
                announced.merge(event.runId() + code, 1, Integer::sum);
            }
        }
        var called = new HashMap<String, Integer>();
        for (var start : outcome.run().journal().starts()) {
            var code = start.code() == Code.GATED_TOOL ? Code.TOOL : start.code();
            if (ends.containsKey(start.runId())
                    && (code == Code.MODEL
                            || code == Code.TOOL
                            || code == Code.BEFORE_HOOK
                            || code == Code.AFTER_HOOK)) {
                called.merge(start.runId() + code, 1, Integer::sum);
            }
        }
        called.forEach((what, count) -> require(
                count <= announced.getOrDefault(what, 0),
                () -> "rule 2: called " + count + " times and announced " + announced.getOrDefault(what, 0) + " times: "
                        + what));
    }

    private static @Nullable Code code(RunEvent event) {
        return switch (event) {
            case ModelRequestStarted _ -> Code.MODEL;
            case ToolCallStarted _ -> Code.TOOL;
            case PreHookStarted _ -> Code.BEFORE_HOOK;
            case PostHookStarted _ -> Code.AFTER_HOOK;
            default -> null;
        };
    }

    /** Unless a thread was abandoned, no code of a run begins when that has ended. */
    private void nothingAfterTheEnd() {
        if (!outcome.output().abandoned().isEmpty()) {
            return;
        }
        for (var start : outcome.run().journal().starts()) {
            var end = ends.get(start.runId());
            require(
                    end == null
                            || !abandoned(end).isEmpty()
                            || !start.at().isAfter(end.meta().createdAt()),
                    () -> "rule 10: after the end of its run began " + start);
        }
    }

    private static List<?> abandoned(Terminal end) {
        return switch (end) {
            case RunCancelled event -> event.abandoned();
            case WorkflowCancelled event -> event.abandoned();
            default -> List.of();
        };
    }
}
