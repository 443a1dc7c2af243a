package dev.rein.os.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Compares Rein's output with that of the reference: names, keys, their order, types of values, and values other than
 * ids, times, figures and prose. Deliberate differences are listed with their reason; an obsolete entry fails.
 */
public final class Comparison {
    private static final Pattern UUIDS =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern TIMES = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+(Z|\\+00:00)");
    private static final Pattern TOOK = Pattern.compile("completed in [0-9.]+s");
    private static final Set<String> FIGURES_THAT_COUNT = Set.of("step_index", "paused_step_index", "nested_depth");

    private final List<Difference> differences;

    /** @param differences where Rein deliberately differs from this recording */
    public Comparison(Difference... differences) {
        this.differences = List.of(differences);
    }

    public void compare(List<ObjectNode> ours, List<ObjectNode> theirs) {
        assertThat(names(ours)).isEqualTo(names(theirs));
        var wrong = new TreeSet<String>();
        for (var i = 0; i < ours.size(); i++) {
            wrong.addAll(wrong(lines(ours.get(i), differences), lines(theirs.get(i), differences)));
        }
        assertThat(wrong).as("frames differ").isEmpty();
        for (var each : differences) {
            var others = new ArrayList<>(differences);
            others.remove(each);
            assertThat(lines(ours, others))
                    .as("a difference that is none any more: " + each)
                    .isNotEqualTo(lines(theirs, others));
        }
    }

    private static List<String> wrong(List<String> ours, List<String> theirs) {
        var wrong = new ArrayList<String>();
        ours.stream().filter(line -> !theirs.contains(line)).forEach(line -> wrong.add(line + " (only here)"));
        theirs.stream().filter(line -> !ours.contains(line)).forEach(line -> wrong.add(line + " (only there)"));
        if (wrong.isEmpty() && !ours.equals(theirs)) {
            wrong.add("order: " + ours + " but there " + theirs);
        }
        return wrong;
    }

    public void compare(JsonNode ours, JsonNode theirs) {
        compare(List.of(wrapped(ours)), List.of(wrapped(theirs)));
    }

    private static ObjectNode wrapped(JsonNode body) {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("event", "body");
        node.set("body", body);
        return node;
    }

    private static List<String> names(List<ObjectNode> frames) {
        return frames.stream().map(Comparison::name).toList();
    }

    private static String name(ObjectNode frame) {
        return frame.path("event").asText();
    }

    private static List<String> lines(List<ObjectNode> frames, List<Difference> without) {
        return frames.stream().flatMap(frame -> lines(frame, without).stream()).toList();
    }

    private static List<String> lines(ObjectNode frame, List<Difference> without) {
        var lines = new ArrayList<String>();
        addLines(name(frame), "", frame, without, lines);
        return lines;
    }

    private static void addLines(String path, String key, JsonNode node, List<Difference> without, List<String> lines) {
        if (without.stream().anyMatch(each -> each.covers(path, node))) {
            return;
        }
        if (node.isObject()) {
            lines.add(path + " {}");
            node.properties()
                    .forEach(entry ->
                            addLines(path + "/" + entry.getKey(), entry.getKey(), entry.getValue(), without, lines));
        } else if (node.isArray()) {
            lines.add(path + " []");
            node.forEach(each -> addLines(path + "[]", key, each, without, lines));
        } else {
            lines.add(path + " = " + masked(key, node));
        }
    }

    private static String masked(String key, JsonNode value) {
        if (value.isNumber() && !FIGURES_THAT_COUNT.contains(key)) {
            return value.isIntegralNumber() ? "an integer" : "a float";
        }
        if (!value.isTextual()) {
            return value.toString();
        }
        if (key.equals("session_id") || key.equals("agent_session_id")) {
            return "a session";
        }
        var text = UUIDS.matcher(value.textValue()).replaceAll("<uuid>");
        text = TIMES.matcher(text).replaceAll("<time>");
        return '"' + TOOK.matcher(text).replaceAll("completed in <time>") + '"';
    }
}
