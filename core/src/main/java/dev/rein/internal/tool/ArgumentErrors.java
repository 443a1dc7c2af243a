package dev.rein.internal.tool;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a value so that a model can put it right: where it is, what it is, what would fit. */
final class ArgumentErrors {
    private static final int LONGEST_VALUE = 200;

    private ArgumentErrors() {}

    static String missing(String name, Class<?> type) {
        return quoted(name) + " is missing: give " + TypeDescriptions.of(type, MissingNode.getInstance());
    }

    static String unfit(String name, JsonNode value, Class<?> type) {
        return quoted(name) + " is " + cut(value.toString()) + ": give " + TypeDescriptions.of(type, value);
    }

    static String unknown(String name, List<String> known) {
        return quoted(name) + " is unknown: "
                + (known.isEmpty()
                        ? "there are none"
                        : "known are "
                                + known.stream().map(ArgumentErrors::quoted).collect(Collectors.joining(", ")));
    }

    /**
     * What Jackson refused, in the words of this class.
     *
     * @param name the name of the whole; empty when it has none
     * @param root the whole
     * @param type what the whole was to be
     */
    static String of(JsonMappingException refusal, String name, JsonNode root, Class<?> type) {
        var path = new StringBuilder(name);
        var at = root;
        for (var step : refusal.getPath()) {
            if (step.getFieldName() != null) {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
                at = at.path(step.getFieldName());
            } else {
                path.append('[').append(step.getIndex()).append(']');
                at = at.path(step.getIndex());
            }
        }
        var where = path.isEmpty() ? "the answer" : path.toString();
        var wanted = wanted(refusal, type);
        if (refusal instanceof UnrecognizedPropertyException unknown) {
            return unknown(where, TypeDescriptions.names(unknown.getReferringClass()));
        }
        if (refusal instanceof ValueInstantiationException thrown && thrown.getCause() != null) {
            var reason = thrown.getCause();
            return quoted(where) + " is " + cut(at.toString()) + ": "
                    + (reason.getMessage() != null
                            ? reason.getMessage()
                            : reason.getClass().getSimpleName());
        }
        return at.isMissingNode() ? missing(where, wanted) : unfit(where, at, wanted);
    }

    static String cut(String value) {
        return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE) + "...";
    }

    private static Class<?> wanted(JsonMappingException refusal, Class<?> type) {
        @Nullable
        Class<?> target = refusal instanceof MismatchedInputException mismatch ? mismatch.getTargetType() : null;
        return target != null ? target : type;
    }

    private static String quoted(String name) {
        return name.equals("the answer") ? name : '"' + name + '"';
    }
}
