package dev.rein.internal.tool;

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

class ResultsTest {
    record Entry(
            Instant at,
            LocalDate day,
            Duration took,
            Optional<String> note,
            @Nullable Path file,
            TimeUnit unit) {}

    @Test
    void textIsGivenAsItIs() {
        assertThat(Results.text("a \"b\"\n")).isEqualTo("a \"b\"\n");
        assertThat(Results.text(TextNode.valueOf("a"))).isEqualTo("a");
        assertThat(Results.text(null)).isEqualTo("null");
    }

    @Test
    void anOptionalIsWhatItHolds() {
        assertThat(Results.text(Optional.of("x"))).isEqualTo("x");
        assertThat(Results.text(Optional.of(List.of(1)))).isEqualTo("[1]");
        assertThat(Results.text(Optional.empty())).isEqualTo("null");
    }

    @Test
    void valuesThatJsonHasAsStringsHaveNoQuotes() {
        var id = UUID.randomUUID();
        assertThat(Results.text(id)).isEqualTo(id.toString());
        assertThat(Results.text(Path.of("a", "b.txt")))
                .isEqualTo(Path.of("a", "b.txt").toString());
        assertThat(Results.text(Instant.EPOCH)).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(Results.text(URI.create("https://example.org"))).isEqualTo("https://example.org");
        assertThat(Results.text(TimeUnit.DAYS)).isEqualTo("DAYS");
    }

    @Test
    void anythingElseIsJson() {
        assertThat(Results.text(3)).isEqualTo("3");
        assertThat(Results.text(true)).isEqualTo("true");
        assertThat(Results.text(new int[] {1, 2})).isEqualTo("[1,2]");
        assertThat(Results.text(Map.of("a", List.of(Optional.of(1))))).isEqualTo("{\"a\":[1]}");
        assertThat(Results.text(JsonNodeFactory.instance.objectNode().put("a", 1)))
                .isEqualTo("{\"a\":1}");
        assertThat(Results.text(new Entry(
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
    void anObjectThatJsonCannotExpressSaysWhatItIs() {
        var odd = new Object() {
            @Override
            public String toString() {
                return "something odd";
            }
        };
        assertThat(Results.text(odd)).isEqualTo("something odd");
    }

    @Test
    void aListThatContainsItselfIsRefused() {
        var list = new ArrayList<Object>();
        list.add(list);
        assertThatIllegalArgumentException().isThrownBy(() -> Results.text(list));
    }
}
