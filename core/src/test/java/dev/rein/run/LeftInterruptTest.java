package dev.rein.run;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.workflow.Condition;
import dev.rein.workflow.Loop;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import dev.rein.workflow.WorkflowStep;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** An interrupt that user code leaves behind on a run's thread does not hit what the run does next. */
class LeftInterruptTest {
    /** A model that is as sensitive as those that wait for a socket. */
    private static TestModel.Turn saysUnlessInterrupted(String text) {
        return (request, call) -> {
            if (Thread.interrupted()) {
                throw new InterruptedException("the request was interrupted");
            }
            return says(text).respond(request, call);
        };
    }

    private static void interruptSelf() {
        Thread.currentThread().interrupt();
    }

    private static RunOutput run(WorkflowStep... steps) {
        return Workflow.builder().name("flow").steps(steps).build().run("Go");
    }

    private static Step next(String name) {
        return Step.of(name, _ -> {
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            return StepOutput.of("fine");
        });
    }

    @Test
    void ofAModelsIdentity() {
        var model = TestModel.of(saysUnlessInterrupted("fine"));
        var sloppy = new Model() {
            @Override
            public String id() {
                if (Thread.currentThread().isVirtual()) {
                    interruptSelf();
                }
                return "sloppy";
            }

            @Override
            public String provider() {
                return "test";
            }

            @Override
            public ModelResponse respond(ModelRequest request, ModelCall call) {
                return model.respond(request, call);
            }
        };
        assertThat(Agent.of(sloppy, "").run("Go").status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void ofAStep() {
        var agent = Agent.of(TestModel.of(saysUnlessInterrupted("fine")), "");
        var sloppy = Step.of("sloppy", _ -> {
            interruptSelf();
            return StepOutput.of("fallback");
        });
        assertThat(run(sloppy, Step.of("agent", agent)).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(run(sloppy, next("next")).text()).isEqualTo("fine");
    }

    @Test
    void ofAConditionAndALoop() {
        var condition = Condition.of(
                "condition",
                _ -> {
                    interruptSelf();
                    return true;
                },
                next("then"));
        var loop = Loop.of("loop", next("inLoop")).until(_ -> {
            interruptSelf();
            return false;
        });
        assertThat(run(condition, loop, next("next")).text()).isEqualTo("fine");
    }

    @Test
    void ofAHook() {
        var output = Agent.builder()
                .model(TestModel.of(saysUnlessInterrupted("fine")))
                .before("sloppy", (input, context) -> {
                    interruptSelf();
                    return input;
                })
                .after("sloppy", (text, context) -> interruptSelf())
                .after(
                        "next",
                        (text, context) -> assertThat(Thread.currentThread().isInterrupted())
                                .isFalse())
                .build()
                .run("Go");
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.text()).isEqualTo("fine");
    }

    @Test
    void ofAToolAndOfAModel() {
        var output = Agent.builder()
                .model(TestModel.of(
                        (request, call) -> {
                            interruptSelf();
                            return calls("sloppy").respond(request, call);
                        },
                        saysUnlessInterrupted("fine")))
                .tools(tool("sloppy", context -> {
                    assertThat(Thread.currentThread().isInterrupted()).isFalse();
                    interruptSelf();
                    return "x";
                }))
                .build()
                .run("Go");
        assertThat(output.tools()).extracting(ToolExecution::result).isEqualTo(List.of("x"));
        assertThat(output.text()).isEqualTo("fine");
    }

    @Test
    void aStopThatInterruptsTheCodeIsNotLostWithIt() throws Exception {
        var gate = new Gate();
        var later = new CountDownLatch(1);
        var run = Workflow.builder()
                .name("flow")
                .steps(
                        Step.of("swallows", _ -> {
                            try {
                                gate.pass();
                            } catch (InterruptedException e) {
                                interruptSelf();
                            }
                            return StepOutput.of("x");
                        }),
                        Step.of("never", _ -> {
                            later.countDown();
                            return StepOutput.of("never");
                        }))
                .build()
                .start("Go");
        gate.awaitReached();
        run.cancel();
        assertThat(Events.end(run).isCancelled()).isTrue();
        assertThat(later.getCount()).isEqualTo(1);
    }
}
