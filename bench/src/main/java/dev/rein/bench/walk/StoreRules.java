package dev.rein.bench.walk;

import static dev.rein.bench.walk.Rules.require;
import static dev.rein.bench.walk.Rules.same;

import dev.rein.model.Message;
import dev.rein.model.Role;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.Terminal;
import dev.rein.session.RunQuery;
import dev.rein.session.SessionStore;
import dev.rein.session.StoredRun;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/** Judges what was stored of a tree of runs. */
final class StoreRules {
    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");
    private static final int HISTORY = 10;
    private static final int MOST_EVENTS = 100_000;

    private final Outcome outcome;
    private final SessionStore store;

    StoreRules(Outcome outcome) {
        this.outcome = outcome;
        this.store = Objects.requireNonNull(outcome.run().store());
    }

    void check() {
        awaitWrites();
        rows(outcome.output());
        if (outcome.watched()) {
            for (var event : outcome.events()) {
                if (event instanceof Terminal end) {
                    same(
                            end.status(),
                            row(end.runId()).status(),
                            "rule 4: the status of the last event and of the row of "
                                    + end.meta().origin().componentId());
                }
            }
            events();
        }
        session();
    }

    /** Ends that the store was too slow for are on their way. */
    private void awaitWrites() {
        var deadline = System.nanoTime() + CaseRun.PATIENCE.toNanos();
        while (!isStored(outcome.output()) || !areAllOver()) {
            require(
                    System.nanoTime() - deadline < 0,
                    () -> "rule 5: a row is missing, or not terminal, long after the end: "
                            + store.runs(query()).items());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private boolean isStored(RunOutput of) {
        return (of.stored() || store.run(of.runId()).isPresent())
                && of.memberResponses().stream().allMatch(this::isStored);
    }

    private boolean areAllOver() {
        return store.runs(query()).items().stream().allMatch(row -> row.status().isTerminal());
    }

    private RunQuery query() {
        return RunQuery.of(outcome.run().sessionId()).children(true);
    }

    private StoredRun row(String runId) {
        return store.run(runId).orElseThrow(() -> new Breach("rule 5: no row of run " + runId));
    }

    private void rows(RunOutput of) {
        var row = row(of.runId());
        var who = " of " + of.componentId();
        same(of.status(), row.status(), "rule 4: the status in the output and in the row" + who);
        same(of.text(), row.text(), "rule 6: the text in the output and in the row" + who);
        same(of.effectiveMode(), row.effectiveMode(), "rule 13: the mode in the output and in the row" + who);
        same(
                of.cause() == null ? null : of.cause().kind(),
                row.cause() == null ? null : row.cause().kind(),
                "rule 13: the cause in the output and in the row" + who);
        require(row.endedAt() != null, () -> "rule 5: no end in the row" + who);
        Rules.canGoOn(row.messages(), who + ", as stored");
        delivered(of, row);
        of.memberResponses().forEach(this::rows);
    }

    /** Each delivered character is in the messages of the row. */
    private void delivered(RunOutput of, StoredRun row) {
        if (!outcome.watched() || of.componentId().startsWith(NodeGenerator.ROUTING_TEAM)) {
            return;
        }
        var delivered = new StringBuilder();
        for (var event : outcome.events()) {
            if (event instanceof RunContent content && content.runId().equals(of.runId())) {
                delivered.append(content.content());
            }
        }
        var said = new StringBuilder();
        row.messages().stream()
                .filter(message -> message.role() == Role.ASSISTANT && !isPlaceholder(message))
                .forEach(message -> said.append(message.content()));
        // A provider refuses a message of white space only: such text is in the row's text alone.
        require(
                delivered.isEmpty() || words(said).equals(words(delivered)),
                () -> "rule 6: " + of.componentId() + " has delivered \"" + delivered + "\", and its messages say \""
                        + said + "\"");
    }

    /** Stands in for an answer that was never begun, or is blank. No model of the walk begins with a parenthesis. */
    private static boolean isPlaceholder(Message message) {
        return message.content().startsWith("(");
    }

    private static String words(CharSequence text) {
        return WHITE_SPACE.matcher(text).replaceAll("");
    }

    private void events() {
        var policy = outcome.run().plan().storeEvents();
        var expected = outcome.events().stream().filter(policy::stores).toList();
        var stored = store.events(outcome.output().runId(), -1, MOST_EVENTS);
        var missing = names(expected);
        names(stored).forEach(missing::remove);
        var foreign = names(stored);
        names(expected).forEach(foreign::remove);
        require(
                names(expected).equals(names(stored)),
                () -> "rule 6: " + expected.size() + " events were seen and " + stored.size() + " are stored: missing "
                        + missing + ", not seen " + foreign);
    }

    private static List<String> names(List<RunEvent> events) {
        return new ArrayList<>(
                events.stream().map(event -> event.index() + " " + event.name()).toList());
    }

    private void session() {
        var messages = new ArrayList<Message>();
        store.latest(outcome.run().sessionId(), EnumSet.of(RunStatus.COMPLETED, RunStatus.CANCELLED), HISTORY)
                .forEach(row -> messages.addAll(row.messages()));
        Rules.canGoOn(messages, " of the session");
    }
}
