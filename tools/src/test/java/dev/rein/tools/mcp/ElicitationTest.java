package dev.rein.tools.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.Decision;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunHandle;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tools.ToolRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server asks people during a call: the run is paused until they have answered. */
class ElicitationTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String FORM = """
            {"message":"Which room?","requestedSchema":{"type":"object","properties":{
             "room":{"type":"string","enum":["red","blue"]},"nights":{"type":"integer","minimum":1}},"required":["room","nights"]}}""";

    @TempDir
    private Path directory;

    private static Agent agent(McpTools mcp, String... questions) {
        var model = ScriptedModel.create();
        for (var question : questions) {
            model = model.toolCall("ask", question);
        }
        return Agent.builder()
                .name("Clerk")
                .model(model.answer("done"))
                .tools(mcp.tools().toArray())
                .build();
    }

    private static RunOutput paused(RunHandle run) throws Exception {
        var output = run.await(LIMIT);
        assertThat(output.status()).as(output.toString()).isEqualTo(RunStatus.PAUSED);
        return output;
    }

    @ParameterizedTest
    @EnumSource
    void theRunPausesWithTheFormAndTheServerGetsTheAnswer(FullServers kind) throws Exception {
        try (var server = kind.start(directory);
                var mcp = server.client().elicitation(true).connect()) {
            assertThat(server.received("initialize").getFirst().at("/params/capabilities"))
                    .hasToString("{\"elicitation\":{}}");
            var agent = agent(mcp, FORM, FORM, FORM);
            var run = agent.start("Book");

            var asked = paused(run).requirements().getFirst();
            assertThat(asked.message()).isEqualTo("Which room?");
            assertThat(asked.fields()).containsExactly("room", "nights");
            assertThat(Objects.requireNonNull(asked.schema())
                            .at("/properties/room/enum/1")
                            .asText())
                    .isEqualTo("blue");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> agent.continueRun(
                            run.id(), Decision.input(asked.id(), Map.of("room", "green", "nights", 2))))
                    .withMessageContaining("room");

            agent.continueRun(run.id(), Decision.input(asked.id(), Map.of("room", "blue", "nights", "2")));
            await().untilAsserted(() -> assertThat(run.output().tools()).hasSize(2));
            var second = paused(run).requirements().getFirst();
            assertThat(run.output().tools().getFirst().result())
                    .isEqualTo("{\"action\":\"accept\",\"content\":{\"room\":\"blue\",\"nights\":2}}");

            agent.continueRun(run.id(), Decision.reject(second.id()));
            await().untilAsserted(() -> assertThat(run.output().tools()).hasSize(3));
            assertThat(run.output().tools().get(1).result()).isEqualTo("{\"action\":\"decline\"}");

            paused(run);
            run.cancel(CancelRequest.now());
            assertThat(run.await(LIMIT).status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(run.output().abandoned()).isEmpty();
            await().untilAsserted(() ->
                    assertThat(server.received("notifications/cancelled")).hasSize(1));
            assertThat(mcp.readResource("notes://a"))
                    .as("others are not disturbed")
                    .hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFormWithoutFieldsAsksForConsent(FullServers kind) throws Exception {
        try (var server = kind.start(directory);
                var mcp = server.client().elicitation(true).connect()) {
            var agent = agent(
                    mcp, "{\"message\":\"Delete it?\",\"requestedSchema\":{\"type\":\"object\",\"properties\":{}}}");
            var run = agent.start("go");
            var asked = paused(run).requirements().getFirst();
            var output =
                    agent.continueRun(run.id(), Decision.confirm(asked.id())).await(LIMIT);
            assertThat(output.tools().getFirst().result()).isEqualTo("{\"action\":\"accept\",\"content\":{}}");
        }
    }

    @ParameterizedTest
    @EnumSource
    void otherModesAndBadSchemasAreRefused(FullServers kind) throws Exception {
        try (var server = kind.start(directory);
                var mcp = server.client().elicitation(true).connect()) {
            assertThat(ToolRun.resultWith(
                            "ask", "{'mode':'url','message':'Log in','url':'https://example.org'}", mcp.tools()))
                    .contains("-32602", "forms only");
            assertThat(ToolRun.resultWith("ask", "{'message':'x','requestedSchema':{'type':'string'}}", mcp.tools()))
                    .contains("-32602", "not a schema of an object");
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutItTheServerIsToldSo(FullServers kind) throws Exception {
        try (var server = kind.start(directory);
                var mcp = server.client().connect()) {
            assertThat(server.received("initialize").getFirst().at("/params/capabilities"))
                    .hasToString("{}");
            assertThat(ToolRun.resultWith("ask", "{'message':'x'}", mcp.tools()))
                    .contains("-32601", "does not support");
        }
    }

    @Test
    void whenTwoRunsHaveCallsAndNothingSaysWhoIsMeantTheServerIsRefused() throws Exception {
        try (var server = FullServers.STDIO.start(directory);
                var mcp = server.client().elicitation(true).connect()) {
            var other = ToolRun.startWith("stall", "{}", mcp.tools());
            await().untilAsserted(
                            () -> assertThat(server.received("tools/call")).hasSize(1));
            assertThat(ToolRun.resultWith("ask", "{'message':'x'}", mcp.tools()))
                    .contains("several runs have calls");
            other.stop();
        }
    }

    @Test
    void overHttpTheResponseSaysWhoIsMeant() throws Exception {
        try (var server = FullServers.HTTP.start(directory);
                var mcp = server.client().elicitation(true).connect()) {
            var other = ToolRun.startWith("stall", "{}", mcp.tools());
            await().untilAsserted(
                            () -> assertThat(server.received("tools/call")).hasSize(1));
            var agent = agent(mcp, FORM);
            var run = agent.start("go");
            var asked = paused(run).requirements().getFirst();
            agent.continueRun(run.id(), Decision.reject(asked.id()));
            assertThat(run.await(LIMIT).status()).isEqualTo(RunStatus.COMPLETED);
            other.stop();
        }
    }

    @Test
    void aQuestionOnTheServersOwnStreamIsAnswered() throws Exception {
        try (var server = new FullMcpHttpServer()) {
            server.asksOnStream = true;
            try (var mcp = McpTools.http(server.url()).elicitation(true).connect()) {
                var agent = agent(mcp, FORM);
                var run = agent.start("go");
                var asked = paused(run).requirements().getFirst();
                agent.continueRun(run.id(), Decision.reject(asked.id()));
                assertThat(run.await(LIMIT).tools().getFirst().result()).isEqualTo("{\"action\":\"decline\"}");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aQuestionWithoutACallIsRefused(FullServers kind) throws Exception {
        try (var server = kind.start(directory);
                var mcp = server.client().elicitation(true).connect()) {
            assertThat(mcp.readResource("ask://form").getFirst().text()).contains("no call of a tool waits");
        }
    }
}
