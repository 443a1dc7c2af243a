package dev.rein.bench.crash;

import dev.rein.agent.Agent;
import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.Role;
import dev.rein.model.ToolCall;
import dev.rein.run.StepOutput;
import dev.rein.runtime.Component;
import dev.rein.runtime.RunOptions;
import dev.rein.session.SessionStore;
import dev.rein.session.StoredRun;
import dev.rein.store.JdbcSessionStore;
import dev.rein.team.Team;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** The process that is killed: an agent, a team and a workflow that run one turn after the other, each in its session. */
final class Workload {
    private static final String TEXT = "the dragon learned to code and wrote a story about people ".repeat(2);
    private static final String DONE = "It is written.";
    private static final Duration PACE = Duration.ofMillis(3);

    private Workload() {}

    /** Says its text at a reading pace. */
    private record Slow() implements Model {
        @Override
        public String id() {
            return "slow";
        }

        @Override
        public String provider() {
            return "bench";
        }

        @Override
        public ModelResponse respond(ModelRequest request, ModelCall call) {
            for (var word : TEXT.split("(?<= )")) {
                call.text(word);
                call.cancellation().sleep(PACE);
            }
            return ModelResponse.of(TEXT);
        }
    }

    /** Whether a stored turn has all that its component says. */
    static boolean isWhole(StoredRun run) {
        return switch (run.componentId()) {
            case "bench-agent" -> says(run, TEXT);
            case "bench-team" -> says(run, DONE);
            default -> leaves(run.steps()).map(StepOutput::content).toList().equals(List.of(TEXT, TEXT, TEXT));
        };
    }

    private static boolean says(StoredRun run, String text) {
        var last = run.messages().getLast();
        return run.text().equals(text)
                && last.role() == Role.ASSISTANT
                && last.content().strip().equals(text.strip());
    }

    private static Stream<StepOutput> leaves(List<StepOutput> steps) {
        return steps.stream().flatMap(step -> step.steps().isEmpty() ? Stream.of(step) : leaves(step.steps()));
    }

    /** Gives one task to the writer, and says so when that is done. */
    private record Leader() implements Model {
        @Override
        public String id() {
            return "leader";
        }

        @Override
        public String provider() {
            return "bench";
        }

        @Override
        public ModelResponse respond(ModelRequest request, ModelCall call) {
            if (request.messages().getLast().role() == Role.TOOL) {
                call.text(DONE);
                return ModelResponse.of(DONE);
            }
            return ModelResponse.of(List.of(new ToolCall(
                    "call-" + UUID.randomUUID(),
                    "delegate_task_to_member",
                    "{\"member_id\":\"writer\",\"task\":\"Write\"}")));
        }
    }

    /** What runs, by its session. */
    static Map<String, Component> components(SessionStore store) {
        var writer = Agent.builder().name("Writer").model(new Slow()).build();
        var all = new LinkedHashMap<String, Component>();
        all.put(
                "session of an agent",
                Agent.builder()
                        .name("Bench Agent")
                        .model(new Slow())
                        .store(store)
                        .addHistory(5)
                        .build());
        all.put(
                "session of a team",
                Team.builder()
                        .name("Bench Team")
                        .model(new Leader())
                        .members(writer)
                        .store(store)
                        .addHistory(5)
                        .build());
        all.put(
                "session of a workflow",
                Workflow.builder()
                        .name("Bench Workflow")
                        .steps(
                                Step.of("first", writer),
                                Parallel.of("both", Step.of("left", writer), Step.of("right", writer)))
                        .store(store)
                        .build());
        return all;
    }

    /** Arguments: the file, the lease in milliseconds. Says {@code done RUN} when a turn is stored. */
    public static void main(String... args) {
        var store = JdbcSessionStore.sqlite(Path.of(args[0]), Duration.ofMillis(Long.parseLong(args[1])));
        var components = components(store);
        System.out.println("ready");
        components.forEach((session, component) -> Thread.ofPlatform().start(() -> work(session, component)));
    }

    private static void work(String session, Component component) {
        while (true) {
            var output = component.run("Go on", RunOptions.defaults().sessionId(session));
            if (output.isCompleted() && output.stored()) {
                System.out.println("done " + output.runId());
            } else if (output.isError() && output.cause() == null) {
                System.out.println("failed " + output.status() + " " + output.failure());
            }
        }
    }
}
