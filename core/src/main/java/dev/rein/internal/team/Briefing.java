package dev.rein.internal.team;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rein.internal.run.Run;
import dev.rein.run.ToolExecution;
import dev.rein.session.RunPreview;
import dev.rein.session.StoredRun;
import dev.rein.team.TeamSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a member is told: its task, and behind it what the team's settings add. Thread-safe. */
final class Briefing {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> DELEGATIONS =
            Set.of(Members.DELEGATE, Members.BROADCAST, TaskTools.EXECUTE, TaskTools.EXECUTE_PARALLEL);

    private static final int MAX_ANSWERS = 32 * 1024;
    private static final int MAX_ANSWER = 8 * 1024;
    private static final int MAX_HISTORY_TEXT = 4_000;

    private final TeamSettings settings;
    private final Run run;

    Briefing(TeamSettings settings, Run run) {
        this.settings = settings;
        this.run = run;
    }

    /** @param userText what the user wrote */
    String of(String task, String userText) {
        var text = new StringBuilder(task);
        if (settings.passInputOn() && !task.equals(userText)) {
            text.append("\n\nThe user's request:\n").append(userText);
        }
        if (settings.shareAnswers()) {
            append(text, "What members of the team have answered so far:", answers());
        }
        if (settings.memberHistory() > 0) {
            append(text, "What the user and the team said before:", history());
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String heading, List<String> entries) {
        if (!entries.isEmpty()) {
            text.append("\n\n").append(heading);
            entries.forEach(each -> text.append('\n').append(each));
        }
    }

    /** The answers of delegations that have ended, in their order; the latest ones if there is too much. Also after a resume, as they are tool calls. */
    private List<String> answers() {
        var answers = new ArrayList<String>();
        var length = 0;
        for (var call : run.delivery().tools().reversed()) {
            var result = call.result();
            if (result != null && !call.error() && DELEGATIONS.contains(call.toolName())) {
                var answer = "- " + member(call) + RunPreview.cut(result, MAX_ANSWER);
                length += answer.length();
                if (length > MAX_ANSWERS) {
                    break;
                }
                answers.addFirst(answer);
            }
        }
        return answers;
    }

    /** The id of the member of a call, if the call has one: the answers of several members have theirs. */
    private static String member(ToolExecution call) {
        try {
            var id = JSON.readTree(call.arguments()).path(Members.MEMBER_ID).asText();
            return id.isEmpty() ? "" : id + ": ";
        } catch (JsonProcessingException e) {
            return "";
        }
    }

    private List<String> history() {
        var all = run.earlier();
        return all.subList(Math.max(0, all.size() - settings.memberHistory()), all.size()).stream()
                .map(Briefing::turn)
                .toList();
    }

    private static String turn(StoredRun earlier) {
        return "User: " + RunPreview.cut(earlier.input().text(), MAX_HISTORY_TEXT) + "\nTeam: "
                + RunPreview.cut(earlier.text(), MAX_HISTORY_TEXT) + (earlier.isCompleted() ? "" : " [interrupted]");
    }
}
