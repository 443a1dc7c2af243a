package dev.rein.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.ToolExecution;
import dev.rein.runtime.RunHandle;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A run of an agent whose model makes one tool call. */
public final class ToolRun {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** No test lives to see it: what ends before was not abandoned. */
    private static final Duration GRACE = Duration.ofMinutes(2);

    private final RunHandle handle;

    private ToolRun(RunHandle handle) {
        this.handle = handle;
    }

    /** @param arguments JSON, in which single quotes may be used instead of double ones if it begins with {' */
    public static ToolRun start(Object tools, String tool, String arguments) {
        return startWith(tool, arguments, tools);
    }

    public static ToolRun startWith(String tool, String arguments, Object... tools) {
        var model = ScriptedModel.create()
                .toolCall(tool, arguments.startsWith("{'") ? arguments.replace('\'', '"') : arguments)
                .answer("done");
        return new ToolRun(Agent.builder()
                .model(model)
                .tools(tools)
                // What the tools themselves bound is the subject, not the agent's bound.
                .toolResultLimit(64 << 20)
                .build()
                .start("go"));
    }

    /** The result of the tool call, which must succeed. */
    public static String result(Object tools, String tool, String arguments) throws Exception {
        return resultWith(tool, arguments, tools);
    }

    public static String resultWith(String tool, String arguments, Object... tools) throws Exception {
        var execution = startWith(tool, arguments, tools).finish();
        assertThat(execution.error()).as(execution.result()).isFalse();
        return String.valueOf(execution.result());
    }

    /** The error message for the model of the tool call, which must fail. */
    public static String error(Object tools, String tool, String arguments) throws Exception {
        return errorWith(tool, arguments, tools);
    }

    public static String errorWith(String tool, String arguments, Object... tools) throws Exception {
        var execution = startWith(tool, arguments, tools).finish();
        assertThat(execution.error()).as(execution.result()).isTrue();
        return String.valueOf(execution.result());
    }

    public ToolExecution finish() throws Exception {
        var output = handle.await(PATIENCE);
        assertThat(output.status()).as(output.toString()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.tools()).hasSize(1);
        return output.tools().getFirst();
    }

    /** Stops the run, which must end as CANCELLED without abandoned threads. */
    public RunOutput stop() throws Exception {
        assertThat(handle.cancel(CancelRequest.now().grace(GRACE)).stopping()).isTrue();
        var output = handle.await(PATIENCE);
        assertThat(output.status()).as(output.toString()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.abandoned()).isEmpty();
        return output;
    }

    /** Waits until the tool call has started. */
    public void awaitTool() {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> !handle.output().tools().isEmpty());
    }
}
