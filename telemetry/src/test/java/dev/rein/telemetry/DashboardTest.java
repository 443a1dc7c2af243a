package dev.rein.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.api.common.AttributeKey;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The dashboard asks for metrics and labels that exist, by the names that Prometheus gives them, and shows every metric. */
class DashboardTest {
    private static final Path DASHBOARD = Path.of("..", "docs", "grafana.json");
    private static final Pattern METRIC = Pattern.compile("\\b((?:gen_ai|rein)_\\w+?)_(?:count|sum|bucket)\\b");
    private static final Pattern LABELS = Pattern.compile("by \\(([^)]*)\\)|\\{(\\w+)=|\\{\\{(\\w+)}}");

    /** As the collector's exporter for Prometheus names them: with the unit at the end. */
    private static Map<String, String> metrics() {
        var names = new HashMap<String, String>();
        for (var metric : List.of(
                Conventions.OPERATION_DURATION,
                Conventions.FIRST_CHUNK,
                Conventions.TOOL_DURATION,
                Conventions.RUN_DURATION,
                Conventions.STOP_DURATION)) {
            names.put(prometheus(metric) + "_seconds", metric);
        }
        names.put(prometheus(Conventions.TOKEN_USAGE), Conventions.TOKEN_USAGE);
        return names;
    }

    private static String prometheus(String name) {
        return name.replace('.', '_');
    }

    private static Set<String> attributes() throws IllegalAccessException {
        var names = new HashSet<String>();
        for (var field : Conventions.class.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.get(null) instanceof AttributeKey<?> key) {
                names.add(prometheus(key.getKey()));
            }
        }
        return names;
    }

    private static List<String> texts() throws IOException {
        var texts = new ArrayList<String>();
        for (JsonNode panel : new ObjectMapper().readTree(DASHBOARD.toFile()).path("panels")) {
            for (var target : panel.path("targets")) {
                texts.add(target.path("expr").textValue());
                texts.add(target.path("legendFormat").textValue());
            }
        }
        return texts;
    }

    @Test
    void itShowsEveryMetricByItsName() throws IOException {
        var asked = texts().stream()
                .flatMap(text -> METRIC.matcher(text).results())
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(asked).containsExactlyElementsOf(new TreeSet<>(metrics().keySet()));
    }

    @Test
    void itsLabelsAreAttributesOfMetrics() throws IOException, IllegalAccessException {
        var labels = new TreeSet<String>();
        for (var text : texts()) {
            LABELS.matcher(text).results().forEach(found -> {
                for (var group = 1; group <= 3; group++) {
                    if (found.group(group) != null) {
                        labels.addAll(List.of(found.group(group).split(",\\s*")));
                    }
                }
            });
        }
        labels.remove("le");

        assertThat(labels).isNotEmpty().isSubsetOf(attributes());
    }
}
