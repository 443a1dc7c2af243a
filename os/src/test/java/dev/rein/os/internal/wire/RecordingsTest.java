package dev.rein.os.internal.wire;

import static dev.rein.os.internal.wire.Difference.CANCELLATION;
import static dev.rein.os.internal.wire.Difference.CANCELLED_STEPS;
import static dev.rein.os.internal.wire.Difference.CURRENT_IDS;
import static dev.rein.os.internal.wire.Difference.DELIVERED;
import static dev.rein.os.internal.wire.Difference.ERROR_TYPE;
import static dev.rein.os.internal.wire.Difference.ESTIMATE;
import static dev.rein.os.internal.wire.Difference.FIRST_TOKEN;
import static dev.rein.os.internal.wire.Difference.MESSAGE_METRICS;
import static dev.rein.os.internal.wire.Difference.PROMPTS;
import static dev.rein.os.internal.wire.Difference.REASON;
import static dev.rein.os.internal.wire.Difference.STEP_ERROR;
import static dev.rein.os.internal.wire.Difference.TEAM_STATE;
import static dev.rein.os.internal.wire.Difference.TOOL_TIMES;
import static dev.rein.os.internal.wire.Difference.WORKFLOW_TEXT;
import static dev.rein.os.internal.wire.Samples.play;
import static dev.rein.os.internal.wire.Samples.session;
import static dev.rein.os.internal.wire.Samples.stop;

import dev.rein.run.Decision;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Replays the recorded streams of the reference, except {@code sse_agent_compaction.txt}: Rein does not compact
 * histories and never sends such events.
 */
class RecordingsTest {
    private final Samples samples = new Samples();

    @Test
    void anAgentThatAnswers() throws Exception {
        var played = play(samples.plain(), session("s-plain"));
        new Comparison().compare(played.data(), Recording.frames("sse_agent_plain.txt"));
    }

    @Test
    void anAgentThatCallsATool() throws Exception {
        var played = play(samples.tool(), session("s-tool"));
        new Comparison(FIRST_TOKEN).compare(played.data(), Recording.frames("sse_agent_tool.txt"));
    }

    @Test
    void anAgentThatRunsInTheBackground() throws Exception {
        var played = play(samples.plain(), session("s-bg"), EventOptions.all().withEventIndex(true));
        new Comparison().compare(played.data(), Recording.frames("sse_agent_background.txt"));
    }

    @Test
    void anAgentThatIsStopped() throws Exception {
        var played = stop(samples.slow(), session("s-c1"));
        new Comparison(REASON, DELIVERED, ESTIMATE).compare(played.data(), Recording.frames("sse_agent_cancelled.txt"));
    }

    @Test
    void anAgentThatAsksAndGoesOn() throws Exception {
        var agent = samples.asking();
        var asked = play(agent, session("s-hitl"));
        new Comparison(FIRST_TOKEN).compare(asked.data(), Recording.frames("sse_agent_paused.txt"));

        var id =
                Objects.requireNonNull(asked.output().requirements().getFirst()).id();
        var run = agent.continueRun(asked.output().runId(), Decision.confirm(id));
        var reader = EventOptions.all().withEventIndex(true);
        var went = Samples.read(agent, run, asked.events().getLast().index(), reader, false);
        new Comparison(TOOL_TIMES).compare(went.data(), Recording.frames("sse_agent_continue.txt"));
    }

    @Test
    void anAgentWhoseModelFails() throws Exception {
        var played = play(samples.failing(), session("s-boom"));
        new Comparison(ERROR_TYPE)
                .compare(
                        played.data(),
                        Recording.frames("http_errors.txt", "POST /agents/boom-agent/runs  form: message=hi"));
    }

    @Test
    void aTeamThatDelegates() throws Exception {
        var played = play(samples.storytelling(), session("s-team").userId("u1"));
        new Comparison(FIRST_TOKEN, CURRENT_IDS, TEAM_STATE, MESSAGE_METRICS, PROMPTS)
                .compare(played.data(), Recording.frames("sse_team_delegate.txt"));
    }

    @Test
    void aTeamThatIsStopped() throws Exception {
        var played = stop(samples.slowTeam(), session("s-c2"));
        new Comparison(FIRST_TOKEN, CURRENT_IDS, REASON, DELIVERED, ESTIMATE, CANCELLATION)
                .compare(played.data(), Recording.frames("sse_team_cancelled.txt"));
    }

    @Test
    void aWorkflowOfTwoSteps() throws Exception {
        var played = play(samples.content(), session("s-wf"));
        new Comparison(CURRENT_IDS, MESSAGE_METRICS, CANCELLED_STEPS)
                .compare(played.data(), Recording.frames("sse_workflow_two_steps.txt"));
    }

    @Test
    void aWorkflowThatIsStopped() throws Exception {
        var played = stop(samples.slowWorkflow(), session("s-c3"));
        new Comparison(CURRENT_IDS, REASON, DELIVERED, ESTIMATE, WORKFLOW_TEXT, STEP_ERROR)
                .compare(played.data(), Recording.frames("sse_workflow_cancelled.txt"));
    }

    @Test
    void aWorkflowThatAsks() throws Exception {
        var played = play(samples.asked(), session("h1"));
        new Comparison().compare(played.data(), Recording.frames("sse_workflow_paused.txt"));
    }
}
