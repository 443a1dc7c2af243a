package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RetryPolicy;
import dev.rein.testkit.Script;
import dev.rein.tool.Tool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a run on a server that differs from OpenAI. */
class RunsOnOtherServersTest extends ServerResponses {

    private final Files files = new Files();

    /** A tool that does the most if it is called without arguments. */
    public static final class Files {
        private final List<String> deleted = new CopyOnWriteArrayList<>();

        @Tool("Deletes the files that match the pattern, or all files")
        public String delete(@org.jspecify.annotations.Nullable String pattern) {
            deleted.add(String.valueOf(pattern));
            return "done";
        }
    }

    private RunOutput run(Api api, Script... scripts) {
        provider.enqueue(scripts);
        return Agent.builder()
                .model(api.at(provider))
                .tools(files)
                .retry(RetryPolicy.of(2).initialDelay(Duration.ofMillis(1)))
                .build()
                .run("Clean up");
    }

    @Test
    void aToolIsCalledWithTheArgumentsOfTheModelOnly() {
        var done = Script.text("Done");

        assertThat(run(
                                Api.CHAT,
                                calls(
                                        "[{'index':0,'id':'a','function':{'name':'delete','arguments':{'pattern':'*.tmp'}}}]"),
                                done)
                        .status())
                .isEqualTo(RunStatus.COMPLETED);
        assertThat(files.deleted).containsExactly("*.tmp");

        run(Api.CHAT, calls("[{'index':0,'id':'a','function':{'name':'delete','arguments':['*.tmp']}}]"), done);
        run(Api.CHAT, calls("[{'index':0,'id':'a','function':{'name':'delete','arguments':7}}]"), done);
        assertThat(files.deleted).containsExactly("*.tmp");
    }

    @ParameterizedTest
    @EnumSource
    void anErrorBeforeTheAnswerIsRetried(Api api) {
        var output = run(
                api,
                Script.events().thenEvent("error", "{\"message\":\"slow down\",\"code\":429}"),
                body("application/json", "[{'error':{'code':503,'message':'overloaded'}}]"),
                Script.text("Done"));

        assertThat(output.text()).isEqualTo("Done");
        assertThat(provider.requestCount()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatSaysNothingFailsTheRun(Api api) {
        var nothing = Script.events("[DONE]");

        var output = run(api, nothing, nothing, nothing, nothing);

        assertThat(output.isError()).isTrue();
        assertThat(provider.requestCount()).isEqualTo(3);
    }

    @Test
    void anErrorInTheAnswerFailsTheRunInTheServersWords() {
        var output = run(
                Api.CHAT,
                events(
                        "{'choices':[{'delta':{'content':'Once upon'}}]}",
                        "{'object':'error','message':'out of memory'}",
                        "[DONE]"));

        assertThat(output.isError()).isTrue();
        assertThat(output.failure().message()).endsWith("out of memory");
        assertThat(output.text()).isEqualTo("Once upon");
    }

    @Test
    void anIncompleteCallIsNotExecuted() {
        var item =
                "{'type':'function_call','id':'i','call_id':'a','name':'delete','arguments':'{}','status':'incomplete'}";

        var output = run(
                Api.RESPONSES,
                events("{'type':'response.completed','response':{'id':'r','status':'completed','output':[" + item
                        + "]}}"));

        assertThat(output.isError()).isTrue();
        assertThat(output.failure().message()).contains("cut off");
        assertThat(files.deleted).isEmpty();
    }

    @Test
    void aCallThatIsCutOffBeforeItsArgumentsIsNotExecuted() {
        var output = run(
                Api.CHAT,
                deltas("length", "{'tool_calls':[{'index':0,'id':'a','function':{'name':'delete','input':''}}]}"));

        assertThat(output.isError()).isTrue();
        assertThat(files.deleted).isEmpty();
    }

    @Test
    void anAnswerWithoutAnEndFailsTheRunWithTheBound() {
        var megabyte = "0123456789abcdef".repeat(1 << 16);
        var script = Script.text(megabyte);
        for (var i = 0; i < 16; i++) {
            script = script.thenText(megabyte);
        }

        var output = run(Api.CHAT, script.thenHang());

        assertThat(output.isError()).isTrue();
        assertThat(output.failure().message()).contains("more than 16777216 characters");
        provider.awaitRequest(1).awaitClosed();
    }
}
