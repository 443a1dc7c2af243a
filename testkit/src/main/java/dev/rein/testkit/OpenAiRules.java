package dev.rein.testkit;

import dev.rein.model.Role;
import dev.rein.model.ToolCall;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** See {@link MessageRules#OPENAI}. */
final class OpenAiRules {
    private final List<String> found;
    private @Nullable CheckedMessage asking;
    private final Set<String> open = new LinkedHashSet<>();
    private final List<String> answered = new ArrayList<>();

    private OpenAiRules(List<String> found) {
        this.found = found;
    }

    static void judge(List<CheckedMessage> entries, List<String> found) {
        var rules = new OpenAiRules(found);
        for (var entry : entries) {
            rules.judge(entry);
        }
        rules.closeBatch("the end");
    }

    private void judge(CheckedMessage entry) {
        if (entry.role() == Role.TOOL) {
            judgeResult(entry);
            return;
        }
        closeBatch(entry.toString());
        answered.clear();
        asking = entry;
        entry.calls().stream().map(ToolCall::id).forEach(open::add);
    }

    private void judgeResult(CheckedMessage result) {
        var id = result.callId();
        if (id == null) {
            return;
        }
        if (open.remove(id)) {
            answered.add(id);
        } else if (answered.contains(id)) {
            found.add(result + " answers " + id + " a second time");
        } else {
            found.add(result + " answers " + id
                    + ", which the assistant's message right before the results did not call");
        }
    }

    private void closeBatch(String next) {
        for (var id : open) {
            found.add(asking + " calls " + id + ", but no result of it comes before " + next
                    + ": each call is answered directly after the message that calls");
        }
        open.clear();
    }
}
