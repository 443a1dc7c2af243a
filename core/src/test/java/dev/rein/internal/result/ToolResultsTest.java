package dev.rein.internal.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ToolResultsTest {
    record Entry(
            Instant at,
            LocalDate day,
            Duration took,
            Optional<String> note,
            @Nullable Path file,
            TimeUnit unit) {}

    @Test
    void aStringIsUnchanged() {
        assertThat(ToolResults.text("a \"b\"\n")).isEqualTo("a \"b\"\n");
        assertThat(ToolResults.text(TextNode.valueOf("a"))).isEqualTo("a");
        assertThat(ToolResults.text(null)).isEqualTo("null");
    }

    @Test
    void anOptionalIsItsValue() {
        assertThat(ToolResults.text(Optional.of("x"))).isEqualTo("x");
        assertThat(ToolResults.text(Optional.of(List.of(1)))).isEqualTo("[1]");
        assertThat(ToolResults.text(Optional.empty())).isEqualTo("null");
    }

    @Test
    void jsonStringsHaveNoQuotes() {
        var id = UUID.randomUUID();
        assertThat(ToolResults.text(id)).isEqualTo(id.toString());
        assertThat(ToolResults.text(Path.of("a", "b.txt")))
                .isEqualTo(Path.of("a", "b.txt").toString());
        assertThat(ToolResults.text(Instant.EPOCH)).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(ToolResults.text(URI.create("https://example.org"))).isEqualTo("https://example.org");
        assertThat(ToolResults.text(TimeUnit.DAYS)).isEqualTo("DAYS");
    }

    @Test
    void anythingElseIsJson() {
        assertThat(ToolResults.text(3)).isEqualTo("3");
        assertThat(ToolResults.text(true)).isEqualTo("true");
        assertThat(ToolResults.text(new int[] {1, 2})).isEqualTo("[1,2]");
        assertThat(ToolResults.text(Map.of("a", List.of(Optional.of(1))))).isEqualTo("{\"a\":[1]}");
        assertThat(ToolResults.text(JsonNodeFactory.instance.objectNode().put("a", 1)))
                .isEqualTo("{\"a\":1}");
        assertThat(ToolResults.text(new Entry(
                        Instant.EPOCH,
                        LocalDate.EPOCH,
                        Duration.ofSeconds(90),
                        Optional.empty(),
                        Path.of("f"),
                        TimeUnit.DAYS)))
                .isEqualTo("{\"at\":\"1970-01-01T00:00:00Z\",\"day\":\"1970-01-01\",\"took\":\"PT1M30S\",\"note\":null,"
                        + "\"file\":\"f\",\"unit\":\"DAYS\"}");
    }

    @Test
    void anObjectThatJsonCannotExpressIsItsToString() {
        var odd = new Object() {
            @Override
            public String toString() {
                return "something odd";
            }
        };
        assertThat(ToolResults.text(odd)).isEqualTo("something odd");
    }

    @Test
    void aListThatContainsItselfIsRejected() {
        var list = new ArrayList<Object>();
        list.add(list);
        assertThatIllegalArgumentException().isThrownBy(() -> ToolResults.text(list));
    }
}
