package dev.rein.cli;

import dev.rein.examples.AnthropicAgent;
import dev.rein.examples.ApproveStep;
import dev.rein.examples.ApproveTool;
import dev.rein.examples.BackgroundAgent;
import dev.rein.examples.BranchState;
import dev.rein.examples.BroadcastTeam;
import dev.rein.examples.CancelAgentFromAnotherThread;
import dev.rein.examples.CancelBackgroundWorkflow;
import dev.rein.examples.CancelTeamRun;
import dev.rein.examples.CancelWorkflowRun;
import dev.rein.examples.CancelWorkflowWhileStreaming;
import dev.rein.examples.ConditionSteps;
import dev.rein.examples.CoordinateTeam;
import dev.rein.examples.DrawWorkflow;
import dev.rein.examples.DurableRun;
import dev.rein.examples.DurableSession;
import dev.rein.examples.GeminiAgent;
import dev.rein.examples.GuardrailsAgent;
import dev.rein.examples.LangChain4jAgent;
import dev.rein.examples.LateSubscriber;
import dev.rein.examples.LimitsAgent;
import dev.rein.examples.LoopSteps;
import dev.rein.examples.MdcInTools;
import dev.rein.examples.OllamaAgent;
import dev.rein.examples.OwnGuardrail;
import dev.rein.examples.ParallelSteps;
import dev.rein.examples.PrintTeam;
import dev.rein.examples.PrioritiesAndRoom;
import dev.rein.examples.ReviewStep;
import dev.rein.examples.RouteTeam;
import dev.rein.examples.RouterSteps;
import dev.rein.examples.RunDependencies;
import dev.rein.examples.SearchByMeaning;
import dev.rein.examples.SecurityContextInTools;
import dev.rein.examples.SessionsAgent;
import dev.rein.examples.SettingsPerRun;
import dev.rein.examples.ShellAgent;
import dev.rein.examples.StreamAgent;
import dev.rein.examples.TasksTeam;
import dev.rein.examples.TokensPerUser;
import dev.rein.examples.ToolOptions;
import dev.rein.examples.ToolsAgent;
import dev.rein.examples.TracedAgent;
import dev.rein.examples.TypedAnswer;
import dev.rein.examples.TypedList;
import dev.rein.examples.WorkflowHistory;
import dev.rein.print.TextWidth;
import dev.rein.run.RunFailure;
import dev.rein.run.RunInfo;
import dev.rein.run.RunListener;
import dev.rein.run.RunOutput;
import dev.rein.runtime.Runs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rein example NAME}: runs a program of the module {@code examples}. */
@Command(
        name = "example",
        description = {
            "Runs an example program. Without a name, lists them.",
            "Most examples need a real model, by OPENAI_API_KEY or OPENAI_BASE_URL, or --offline.",
            "Exits with 1 if a run has failed."
        },
        mixinStandardHelpOptions = true)
final class ExampleCommand implements Callable<Integer> {
    private interface Program {
        void main(String... args) throws Exception;
    }

    private static final Map<String, Program> PROGRAMS = programs();

    private static Map<String, Program> programs() {
        var programs = new TreeMap<String, Program>();
        programs.put("AnthropicAgent", AnthropicAgent::main);
        programs.put("ApproveStep", ApproveStep::main);
        programs.put("ApproveTool", ApproveTool::main);
        programs.put("BackgroundAgent", BackgroundAgent::main);
        programs.put("BranchState", BranchState::main);
        programs.put("BroadcastTeam", BroadcastTeam::main);
        programs.put("CancelAgentFromAnotherThread", CancelAgentFromAnotherThread::main);
        programs.put("CancelBackgroundWorkflow", CancelBackgroundWorkflow::main);
        programs.put("CancelTeamRun", CancelTeamRun::main);
        programs.put("CancelWorkflowRun", CancelWorkflowRun::main);
        programs.put("CancelWorkflowWhileStreaming", CancelWorkflowWhileStreaming::main);
        programs.put("ConditionSteps", ConditionSteps::main);
        programs.put("CoordinateTeam", CoordinateTeam::main);
        programs.put("DrawWorkflow", DrawWorkflow::main);
        programs.put("DurableRun", DurableRun::main);
        programs.put("DurableSession", DurableSession::main);
        programs.put("GeminiAgent", GeminiAgent::main);
        programs.put("GuardrailsAgent", GuardrailsAgent::main);
        programs.put("LangChain4jAgent", LangChain4jAgent::main);
        programs.put("LateSubscriber", LateSubscriber::main);
        programs.put("LimitsAgent", LimitsAgent::main);
        programs.put("LoopSteps", LoopSteps::main);
        programs.put("MdcInTools", MdcInTools::main);
        programs.put("OllamaAgent", OllamaAgent::main);
        programs.put("OwnGuardrail", OwnGuardrail::main);
        programs.put("ParallelSteps", ParallelSteps::main);
        programs.put("PrintTeam", PrintTeam::main);
        programs.put("PrioritiesAndRoom", PrioritiesAndRoom::main);
        programs.put("ReviewStep", ReviewStep::main);
        programs.put("RouteTeam", RouteTeam::main);
        programs.put("RouterSteps", RouterSteps::main);
        programs.put("RunDependencies", RunDependencies::main);
        programs.put("SearchByMeaning", SearchByMeaning::main);
        programs.put("SecurityContextInTools", SecurityContextInTools::main);
        programs.put("SessionsAgent", SessionsAgent::main);
        programs.put("SettingsPerRun", SettingsPerRun::main);
        programs.put("ShellAgent", ShellAgent::main);
        programs.put("StreamAgent", StreamAgent::main);
        programs.put("TasksTeam", TasksTeam::main);
        programs.put("TokensPerUser", TokensPerUser::main);
        programs.put("ToolOptions", ToolOptions::main);
        programs.put("ToolsAgent", ToolsAgent::main);
        programs.put("TracedAgent", TracedAgent::main);
        programs.put("TypedAnswer", TypedAnswer::main);
        programs.put("TypedList", TypedList::main);
        programs.put("WorkflowHistory", WorkflowHistory::main);
        return programs;
    }

    /** Use the model of a provider that has no built-in one in its place. */
    private static final Set<String> ONLINE = Set.of("GeminiAgent", "OllamaAgent");

    private static final Duration LISTENERS = Duration.ofSeconds(5);

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "The example to run.")
    private @Nullable String name;

    @Parameters(
            index = "1..*",
            paramLabel = "ARGS",
            description = "Arguments of the example; the first one is the model's id.")
    private List<String> arguments = List.of();

    @Option(
            names = "--offline",
            description = "Runs the example with the built-in model, which tells a story and calls tools as they come.")
    private boolean offline;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        var line = spec.commandLine();
        if (name == null) {
            list(line.getOut());
            return ExitCode.OK;
        }
        var program = PROGRAMS.get(name);
        if (program == null) {
            throw new ParameterException(
                    line, "unknown example '" + name + "': use one of those that 'rein example' lists");
        }
        if (offline) {
            if (ONLINE.contains(name)) {
                throw new ParameterException(line, name + " needs its provider: run it without --offline");
            }
            System.setProperty("rein.example.offline", "true");
        }
        var failures = new AtomicInteger();
        try (var _ = Runs.shared().addListener(new Failures(failures))) {
            program.main(arguments.toArray(String[]::new));
        }
        Runs.shared().close(LISTENERS);
        return failures.get() == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** Counts runs that have failed. What a guardrail refuses is what its example is about. */
    private record Failures(AtomicInteger count) implements RunListener {
        @Override
        public void runEnded(RunInfo run, RunOutput output) {
            var failure = output.failure();
            if (run.isRoot() && failure != null && failure.kind() != RunFailure.Kind.GUARDRAIL) {
                count.incrementAndGet();
            }
        }
    }

    /** The first sentence of the documentation of each example. */
    private static Map<String, String> descriptions() throws IOException {
        try (var lines = Objects.requireNonNull(ExampleCommand.class.getResourceAsStream("examples.txt"))) {
            return new String(lines.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split(" ", 2))
                    .collect(Collectors.toMap(line -> line[0], line -> line[1]));
        }
    }

    private static void list(PrintWriter out) throws IOException {
        var descriptions = descriptions();
        var columns = RunPrinters.columns();
        var width = PROGRAMS.keySet().stream().mapToInt(String::length).max().orElse(0) + 2;
        for (var example : PROGRAMS.keySet()) {
            var text = example + " ".repeat(width - example.length()) + descriptions.getOrDefault(example, "");
            out.println(columns == 0 ? text.stripTrailing() : TextWidth.cut(text, columns - 1));
        }
        out.flush();
    }
}
