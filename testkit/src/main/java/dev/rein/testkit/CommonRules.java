package dev.rein.testkit;

import dev.rein.model.Role;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/** The rules that all providers have in common. */
final class CommonRules {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    private CommonRules() {}

    static void judge(List<CheckedMessage> entries, List<String> found) {
        if (entries.stream().allMatch(e -> e.role() == Role.SYSTEM)) {
            found.add("there is no message except those of the system");
        }
        var ids = new HashSet<String>();
        var begun = false;
        for (var entry : entries) {
            if (entry.role() != Role.SYSTEM) {
                begun = true;
            } else if (begun) {
                found.add(entry + " comes after other messages: system messages come first");
            }
            if (entry.role() == Role.ASSISTANT && entry.calls().isEmpty() && entry.saysNothing()) {
                found.add(entry + " is empty: it must say or call something");
            }
            if (entry.role() != Role.ASSISTANT && !entry.calls().isEmpty()) {
                found.add(entry + " calls tools: only the assistant may");
            }
            if (entry.role() == Role.TOOL
                    && (entry.callId() == null || entry.callId().isEmpty())) {
                found.add(entry + " does not say which call it answers");
            }
            for (var call : entry.calls()) {
                if (call.id().isEmpty()) {
                    found.add(entry + " has a call without an id");
                } else if (!ids.add(call.id())) {
                    found.add(entry + " uses the call id " + call.id() + " again: ids are unique");
                }
                if (!NAME.matcher(call.name()).matches()) {
                    found.add(entry + " calls \"" + call.name()
                            + "\": a name has 1 to 64 letters, digits, underscores and dashes");
                }
            }
        }
    }
}
