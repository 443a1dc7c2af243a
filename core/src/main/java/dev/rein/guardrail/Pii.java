package dev.rein.guardrail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.rein.cancel.Cancellation;
import dev.rein.internal.guardrail.PlainForm;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds personal data in texts, and masks it or refuses the text. Digits of other scripts, full-width characters, invisible characters
 * and unusual separators do not hide it. Pictures are not searched.
 */
public final class Pii {
    private static final String NAME = "pii_detected";

    /** How much of what has passed before is searched together with a sentence, in characters. */
    private static final int OVERLAP = 200;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Set<PiiKind> kinds;
    private final boolean masks;

    private Pii(Set<PiiKind> kinds, boolean masks) {
        this.kinds = kinds;
        this.masks = masks;
    }

    /**
     * Replaces personal data with its kind, such as {@code [EMAIL]}, in the input, the output, and the arguments and results of tools.
     *
     * @param kinds the kinds to look for; all if none is given
     */
    public static Guardrail mask(PiiKind... kinds) {
        return Guardrail.of(
                NAME,
                new Pii(set(kinds), true)::check,
                CheckPoint.INPUT,
                CheckPoint.OUTPUT,
                CheckPoint.TOOL_ARGUMENTS,
                CheckPoint.TOOL_RESULT);
    }

    /**
     * Refuses an input with personal data; {@link Guardrail#on} makes it check elsewhere.
     *
     * @param kinds the kinds to look for; all if none is given
     */
    public static Guardrail block(PiiKind... kinds) {
        return Guardrail.of(NAME, new Pii(set(kinds), false)::check, CheckPoint.INPUT);
    }

    private static Set<PiiKind> set(PiiKind... kinds) {
        return kinds.length == 0 ? EnumSet.allOf(PiiKind.class) : EnumSet.copyOf(List.of(kinds));
    }

    private record Place(PiiKind kind, int start, int end) {}

    private Verdict check(CheckedText text, CheckContext context) {
        var found = new TreeSet<PiiKind>();
        var masked = text.point() == CheckPoint.TOOL_ARGUMENTS
                ? maskedJson(text.text(), found, context.cancellation())
                : masked(text.preceding(), text.text(), found, context.cancellation());
        if (found.isEmpty()) {
            return Verdict.pass();
        }
        return masks
                ? Verdict.rewrite(masked)
                : Verdict.refuse("it contains "
                        + found.stream().map(PiiKind::description).collect(Collectors.joining(" and ")));
    }

    private String masked(String preceding, String text, Set<PiiKind> found, Cancellation cancellation) {
        var before = preceding.substring(Math.max(0, preceding.length() - OVERLAP));
        var places = places(before + text, cancellation).stream()
                .filter(place -> place.end() > before.length())
                .sorted(Comparator.comparingInt(Place::start))
                .toList();
        if (places.isEmpty()) {
            return text;
        }
        var result = new StringBuilder();
        var at = 0;
        for (var place : places) {
            found.add(place.kind());
            var start = Math.max(0, place.start() - before.length());
            result.append(text, at, start).append(place.kind().mask());
            at = place.end() - before.length();
        }
        return result.append(text.substring(at)).toString();
    }

    /** Where personal data is in a text; no two places overlap. */
    private List<Place> places(String text, Cancellation cancellation) {
        var plain = PlainForm.of(text, cancellation);
        // The ends of the places found so far, by their starts.
        var taken = new TreeMap<Integer, Integer>();
        var places = new ArrayList<Place>();
        for (var kind : kinds) {
            for (var each : kind.find(plain.text(), cancellation)) {
                var last = taken.lowerEntry(each.end());
                if (last == null || last.getValue() <= each.start()) {
                    taken.put(each.start(), each.end());
                    places.add(new Place(kind, plain.start(each.start()), plain.end(each.end() - 1)));
                }
            }
        }
        return places;
    }

    /** The arguments of a tool call with each value masked, so that they stay JSON. */
    private String maskedJson(String json, Set<PiiKind> found, Cancellation cancellation) {
        JsonNode tree;
        try {
            tree = MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            return masked("", json, found, cancellation);
        }
        return tree.isContainerNode()
                ? maskedNode(tree, found, cancellation).toString()
                : masked("", json, found, cancellation);
    }

    private JsonNode maskedNode(JsonNode node, Set<PiiKind> found, Cancellation cancellation) {
        return switch (node) {
            case ObjectNode object -> {
                var masked = MAPPER.createObjectNode();
                object.properties()
                        .forEach(each -> masked.set(
                                unused(masked("", each.getKey(), found, cancellation), masked),
                                maskedField(each.getKey(), each.getValue(), found, cancellation)));
                yield masked;
            }
            case ArrayNode array -> {
                var masked = MAPPER.createArrayNode();
                array.forEach(each -> masked.add(maskedNode(each, found, cancellation)));
                yield masked;
            }
            default -> maskedField(null, node, found, cancellation);
        };
    }

    /** Two names may be masked alike, and neither value must be lost. */
    private static String unused(String name, ObjectNode object) {
        var unused = name;
        for (var number = object.size(); object.has(unused); number++) {
            unused = name + " " + number;
        }
        return unused;
    }

    /** A field's name tells what its value is, such as that of a password. */
    private JsonNode maskedField(@Nullable String name, JsonNode node, Set<PiiKind> found, Cancellation cancellation) {
        if (node.isContainerNode()) {
            return maskedNode(node, found, cancellation);
        }
        if (!node.isTextual() && !node.isNumber()) {
            return node;
        }
        var preceding = name == null ? "" : name.replace('_', ' ') + ": ";
        var text = node.isNumber() ? node.decimalValue().toPlainString() : node.textValue();
        var masked = masked(preceding, text, found, cancellation);
        return masked.equals(text) ? node : TextNode.valueOf(masked);
    }
}
