package dev.rein.cli;

import dev.rein.examples.BackgroundAgent;
import dev.rein.examples.CancelAgentFromAnotherThread;
import dev.rein.examples.LimitsAgent;
import dev.rein.examples.SessionsAgent;
import dev.rein.examples.ShellAgent;
import dev.rein.examples.StreamAgent;
import dev.rein.examples.ToolsAgent;
import dev.rein.examples.TypedAnswer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rein example NAME}: runs one of the programs of the module {@code examples}. */
@Command(
        name = "example",
        description = {
            "Runs one of the example programs; without a name, lists them.",
            "They ask a real model: set OPENAI_API_KEY, or OPENAI_BASE_URL."
        },
        mixinStandardHelpOptions = true)
final class ExampleCommand implements Callable<Integer> {
    private interface Program {
        void main(String... args) throws Exception;
    }

    private static final Map<String, Program> PROGRAMS = new TreeMap<>(Map.of(
            "BackgroundAgent", BackgroundAgent::main,
            "CancelAgentFromAnotherThread", CancelAgentFromAnotherThread::main,
            "LimitsAgent", LimitsAgent::main,
            "SessionsAgent", SessionsAgent::main,
            "ShellAgent", ShellAgent::main,
            "StreamAgent", StreamAgent::main,
            "ToolsAgent", ToolsAgent::main,
            "TypedAnswer", TypedAnswer::main));

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "The example's name.")
    private @Nullable String name;

    @Parameters(index = "1..*", paramLabel = "ARGS", description = "Its arguments; the first one is the model's id.")
    private List<String> arguments = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        var line = spec.commandLine();
        if (name == null) {
            PROGRAMS.keySet().forEach(line.getOut()::println);
            line.getOut().flush();
            return ExitCode.OK;
        }
        var program = PROGRAMS.get(name);
        if (program == null) {
            throw new ParameterException(
                    line, "no example is named '" + name + "': there are " + String.join(", ", PROGRAMS.keySet()));
        }
        program.main(arguments.toArray(String[]::new));
        return ExitCode.OK;
    }
}
