package dev.rein.testkit;

import dev.rein.model.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** See {@link MessageRules#ANTHROPIC}. */
final class AnthropicRules {
    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9_-]*");

    private AnthropicRules() {}

    static void judge(List<CheckedMessage> entries, List<String> found) {
        var spoken = entries.stream().filter(e -> e.role() != Role.SYSTEM).toList();
        for (var entry : entries) {
            judgeContent(entry, found);
        }
        if (!spoken.isEmpty() && isAssistant(spoken.getFirst())) {
            found.add(spoken.getFirst() + " comes first: the first message is the user's");
        }
        Set<String> asked = new LinkedHashSet<>();
        for (var turn : turns(spoken)) {
            if (isAssistant(turn.getFirst())) {
                asked = new LinkedHashSet<>();
                for (var entry : turn) {
                    entry.calls().forEach(call -> found.addAll(idViolations(entry, call.id())));
                    entry.calls().stream().map(c -> c.id()).forEach(asked::add);
                }
            } else {
                judgeAnswers(turn, asked, found);
                asked = new LinkedHashSet<>();
            }
        }
        for (var id : asked) {
            found.add(spoken.getLast() + " ends the list, but the call " + id + " has no result after it");
        }
        if (!spoken.isEmpty() && isAssistant(spoken.getLast())) {
            var text = spoken.getLast().text();
            if (text != null && !text.isEmpty() && !text.equals(text.stripTrailing())) {
                found.add(spoken.getLast() + " comes last and ends in white space");
            }
        }
    }

    private static void judgeContent(CheckedMessage entry, List<String> found) {
        var text = entry.text();
        // A call without text is sent without a text block, and a result may be empty.
        var mayBeEmpty = !entry.calls().isEmpty() || entry.role() == Role.TOOL || entry.other();
        if (text == null || text.isEmpty()) {
            // CommonRules reports empty assistant messages.
            if (!mayBeEmpty && !isAssistant(entry)) {
                found.add(entry + " is empty: text must not be");
            }
        } else if (text.isBlank() && entry.role() != Role.TOOL) {
            found.add(entry + " holds only white space: text must not");
        }
    }

    /** Checks a user message after merging: the results of all calls must come first. */
    private static void judgeAnswers(List<CheckedMessage> turn, Set<String> asked, List<String> found) {
        var answered = new HashSet<String>();
        CheckedMessage text = null;
        for (var entry : turn) {
            if (entry.role() != Role.TOOL) {
                text = entry;
                continue;
            }
            if (text != null) {
                found.add(entry + " comes after " + text + ": the results come first in the user's message");
            }
            var id = entry.callId();
            if (id == null) {
                continue;
            }
            if (!answered.add(id)) {
                found.add(entry + " answers " + id + " a second time");
            } else if (!asked.contains(id)) {
                found.add(entry + " answers " + id + ", which the assistant's message before it did not call");
            }
        }
        for (var id : asked) {
            if (!answered.contains(id)) {
                found.add(turn.getFirst() + " follows the call " + id + ", but its message has no result of it");
            }
        }
    }

    private static List<String> idViolations(CheckedMessage entry, String id) {
        return ID.matcher(id).matches()
                ? List.of()
                : List.of(entry + " has the call id \"" + id + "\": an id has letters, digits, underscores and dashes");
    }

    /** Groups adjacent messages of the same role, as adapters merge them. */
    private static List<List<CheckedMessage>> turns(List<CheckedMessage> spoken) {
        var turns = new ArrayList<List<CheckedMessage>>();
        for (var entry : spoken) {
            if (turns.isEmpty() || isAssistant(turns.getLast().getFirst()) != isAssistant(entry)) {
                turns.add(new ArrayList<>());
            }
            turns.getLast().add(entry);
        }
        return turns;
    }

    private static boolean isAssistant(CheckedMessage entry) {
        return entry.role() == Role.ASSISTANT;
    }
}
