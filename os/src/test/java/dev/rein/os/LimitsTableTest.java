package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of the documentation has every limit, with its default. */
class LimitsTableTest {
    private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\| ([^|]+) \\| [^|]+ \\| [^|]+ \\|");
    private static final String HEAP = "an eighth of the heap";

    private static Map<String, String> documented() throws IOException {
        var text = Files.readString(Path.of("../docs/agentos.md"));
        var rows = new TreeMap<String, String>();
        var row = ROW.matcher(text.substring(text.indexOf("\n## Limits")));
        while (row.find()) {
            rows.put(row.group(1), row.group(2));
        }
        return rows;
    }

    @Test
    void hasEveryLimitWithItsDefault() throws Exception {
        var documented = documented();
        var limits = new TreeMap<String, Object>();
        for (var method : ServerLimits.class.getMethods()) {
            if (method.getReturnType() == ServerLimits.class && method.getParameterCount() == 1) {
                limits.put(
                        method.getName(),
                        ServerLimits.class.getMethod(method.getName()).invoke(ServerLimits.standard()));
            }
        }
        assertThat(documented.keySet()).isEqualTo(limits.keySet());
        documented.forEach((name, text) -> {
            if (!text.startsWith(HEAP)) {
                assertThat(text).as(name).isEqualTo(shown(limits.get(name), text));
            }
        });
    }

    /** A limit in the unit of the documentation. */
    private static String shown(Object limit, String text) {
        if (limit instanceof Duration time) {
            return text.endsWith("min") ? time.toMinutes() + " min" : time.toSeconds() + " s";
        }
        var value = ((Number) limit).longValue();
        return text.endsWith("MiB") ? value / (1 << 20) + " MiB" : "%,d".formatted(value);
    }

    @Test
    void isReadAtAll() throws Exception {
        assertThat(documented()).hasSizeGreaterThan(15);
        assertThat(Arrays.asList("connections", "inputBytes"))
                .isSubsetOf(documented().keySet());
    }
}
