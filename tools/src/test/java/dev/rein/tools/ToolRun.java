package dev.rein.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.ToolExecution;
import dev.rein.runtime.RunHandle;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A run of an agent whose model calls one tool once. */
final class ToolRun {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final RunHandle handle;

    private ToolRun(RunHandle handle) {
        this.handle = handle;
    }

    /** @param arguments JSON; when it begins with a single quote inside, single quotes are read as double ones */
    static ToolRun start(Object tools, String tool, String arguments) {
        return startWith(tool, arguments, tools);
    }

    static ToolRun startWith(String tool, String arguments, Object... tools) {
        var model = ScriptedModel.create()
                .toolCall(tool, arguments.startsWith("{'") ? arguments.replace('\'', '"') : arguments)
                .answer("done");
        return new ToolRun(Agent.builder().model(model).tools(tools).build().start("go"));
    }

    /** What the tool answered. */
    static String result(Object tools, String tool, String arguments) throws Exception {
        return resultWith(tool, arguments, tools);
    }

    static String resultWith(String tool, String arguments, Object... tools) throws Exception {
        var execution = startWith(tool, arguments, tools).finish();
        assertThat(execution.error()).as(execution.result()).isFalse();
        return String.valueOf(execution.result());
    }

    /** The error that the model got to read. */
    static String error(Object tools, String tool, String arguments) throws Exception {
        return errorWith(tool, arguments, tools);
    }

    static String errorWith(String tool, String arguments, Object... tools) throws Exception {
        var execution = startWith(tool, arguments, tools).finish();
        assertThat(execution.error()).as(execution.result()).isTrue();
        return String.valueOf(execution.result());
    }

    ToolExecution finish() throws Exception {
        var output = handle.await(PATIENCE);
        assertThat(output.status()).as(output.toString()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.tools()).hasSize(1);
        return output.tools().getFirst();
    }

    /** Stops the run; it must end cancelled, soon, and with no thread left behind. */
    RunOutput stop() throws Exception {
        assertThat(handle.cancel().stopping()).isTrue();
        var output = handle.await(PATIENCE);
        assertThat(output.status()).as(output.toString()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.abandoned()).isEmpty();
        return output;
    }

    /** Waits until the tool is being called. */
    void awaitTool() {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> !handle.output().tools().isEmpty());
    }
}
