package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rein.model.ModelResponse;
import dev.rein.openai.ThinkTags.Opening;
import dev.rein.testkit.Script;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Reasoning between tags in the text. */
class ThinkTagsTest extends ServerResponses {

    private ModelResponse respond(Api api, @Nullable ThinkTags tags, Script script) {
        provider.enqueue(script);
        call.texts.clear();
        call.thoughts.clear();
        var model = api.model(builder -> {
            builder.id("test-model");
            builder.baseUrl(provider.baseUrl());
            if (tags != null) {
                builder.thinkTags(tags);
            }
        });
        var response = model.respond(REQUEST, call);
        assertThat(call.text()).isEqualTo(response.text());
        assertThat(String.join("", call.thoughts)).isEqualTo(response.reasoning() == null ? "" : response.reasoning());
        return response;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            nullValues = "-",
            value = {
                "ALWAYS | <think>hm</think>42 | 42 | hm",
                "ALWAYS | ~\n<think>\nso\n what\n</think>\n\n42\n~ | ~42\n~ | ~so\n what~",
                "ALWAYS | <think>hm | ~~ | hm",
                "ALWAYS | ~<think>\n\n</think>\n\n42~ | 42 | -",
                "ALWAYS | <think></think>42 | 42 | -",
                "ALWAYS | <think>a</think> <think>b</think> 42 | 42 | ~a\n\nb~",
                "ALWAYS | Use <think> and </think>. | Use <think> and </think>. | -",
                "ALWAYS | <think>a</think>Use <think> first | Use <think> first | a",
                "ALWAYS | `<think>` opens | `<think>` opens | -",
                "ALWAYS | a<b & <thin</think> | a<b & <thin</think> | -",
                "ALWAYS | 42 <thi | ~42 <thi~ | -",
                "ALWAYS | hm</think>42 | hm</think>42 | -",
                "ALWAYS | <think>a</thin b</think>42 | 42 | ~a</thin b~",
                "MAYBE | ~so what\n</think>\n\n42~ | 42 | so what",
                "MAYBE | <think>hm</think>42 | 42 | hm",
                "MAYBE | 42 | 42 | -",
                "MAYBE | Use <think> and </think>. | Use <think> and </think>. | -",
                "MAYBE | hm</think>4<think>2 | 4<think>2 | hm",
                "NEVER | ~so what\n</think>\n\n42~ | 42 | so what",
                "NEVER | ~<think>\nhm</think>42~ | 42 | hm",
                "NEVER | </think>42 | 42 | -",
                "NEVER | hm</think>Use <think> | Use <think> | hm",
                "NEVER | hm | ~~ | hm"
            })
    void reasoningIsSeparatedWhereverTheChunksEnd(
            Opening opening, String content, String text, @Nullable String reasoning) {
        assertSeparated(ThinkTags.THINK.withOpening(opening), content, text, reasoning);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            nullValues = "-",
            value = {
                "ALWAYS | A <think>one</think> B <think>two</think> C | ~A  B  C~ | ~one\n\ntwo~",
                "ALWAYS | 42 <thi | ~42 <thi~ | -",
                "MAYBE | A <think>hm</think> B | ~A  B~ | hm",
                "MAYBE | hm</think>4<think>2</think>3 | 43 | ~hm\n\n2~",
                "NEVER | hm</think>4<think>2</think>3 | 43 | ~hm\n\n2~",
            })
    void reasoningBehindTextIsSeparatedIfTheTagsSaySo(
            Opening opening, String content, String text, @Nullable String reasoning) {
        assertSeparated(ThinkTags.THINK.withAnywhere(true).withOpening(opening), content, text, reasoning);
    }

    private void assertSeparated(ThinkTags tags, String content, String text, @Nullable String reasoning) {
        for (var size : new int[] {1, 2, 3, 5, 7, 1000}) {
            var tokens = content.split("(?s)(?<=\\G.{" + size + "})");
            var response = respond(Api.CHAT, tags, Script.tokens(tokens));

            assertThat(response.text()).as("size %d", size).isEqualTo(text);
            assertThat(response.reasoning()).isEqualTo(reasoning);
        }
    }

    @ParameterizedTest
    @EnumSource
    void bothApisSeparateIt(Api api) {
        assertThat(respond(api, ThinkTags.THINK, Script.tokens("<th", "ink>hm</", "think>4", "2"))
                        .text())
                .isEqualTo("42");
        assertThat(respond(api, ThinkTags.of("[THINK]", "[/THINK]"), Script.text("[THINK]hm[/THINK]42"))
                        .reasoning())
                .isEqualTo("hm");
        assertThat(respond(api, null, Script.text("<think>hm</think>42")).text())
                .isEqualTo("<think>hm</think>42");
    }

    @Test
    void textAndReasoningAreDeliveredAsTheyArrive() {
        respond(Api.CHAT, ThinkTags.THINK, Script.tokens("<think>", "so ", "what", "</think>", "4", "2"));

        assertThat(call.thoughts).containsExactly("so", " what");
        assertThat(call.texts).containsExactly("4", "2");
    }

    @Test
    void progressIsReportedWhileTextIsHeldBack() {
        respond(Api.CHAT, ThinkTags.THINK, Script.tokens("so ", "what ", "then"));

        assertThat(call.texts).containsExactly("so what then");
        assertThat(call.progressReports).hasValueGreaterThanOrEqualTo(3);
    }

    @Test
    void theTagsMustDiffer() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ThinkTags.of("<think>", "<think>"))
                .withMessageContaining("<think>");
        assertThatIllegalArgumentException().isThrownBy(() -> ThinkTags.of(" ", "</think>"));
    }
}
