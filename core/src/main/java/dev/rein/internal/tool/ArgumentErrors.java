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

/** Describes invalid values so that a model can correct them: the place, the value and what is expected. */
final class ArgumentErrors {
    private static final int MAX_VALUE_LENGTH = 200;

    private ArgumentErrors() {}

    static String missing(String name, Class<?> type) {
        return quoted(name) + " is missing: give " + TypeDescriptions.of(type, MissingNode.getInstance());
    }

    static String invalid(String name, JsonNode value, Class<?> type) {
        return quoted(name) + " is " + truncate(value.toString()) + ": give " + TypeDescriptions.of(type, value);
    }

    static String unknown(String name, List<String> known) {
        return quoted(name) + " is unknown: "
                + (known.isEmpty()
                        ? "there are none"
                        : "known are "
                                + known.stream().map(ArgumentErrors::quoted).collect(Collectors.joining(", ")));
    }

    /**
     * Describes a failure of Jackson.
     *
     * @param name the name of the root value; empty if it has none
     * @param root the root value
     * @param type the expected type of the root value
     */
    static String of(JsonMappingException failure, String name, JsonNode root, Class<?> type) {
        var path = new StringBuilder(name);
        var value = root;
        for (var step : failure.getPath()) {
            if (step.getFieldName() != null) {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
                value = value.path(step.getFieldName());
            } else {
                path.append('[').append(step.getIndex()).append(']');
                value = value.path(step.getIndex());
            }
        }
        var where = path.isEmpty() ? "the answer" : path.toString();
        var expected = expectedType(failure, type);
        if (failure instanceof UnrecognizedPropertyException unknown) {
            return unknown(where, TypeDescriptions.names(unknown.getReferringClass()));
        }
        if (failure instanceof ValueInstantiationException thrown && thrown.getCause() != null) {
            var reason = thrown.getCause();
            return quoted(where) + " is " + truncate(value.toString()) + ": "
                    + (reason.getMessage() != null
                            ? reason.getMessage()
                            : reason.getClass().getSimpleName());
        }
        return value.isMissingNode() ? missing(where, expected) : invalid(where, value, expected);
    }

    static String truncate(String value) {
        return value.length() <= MAX_VALUE_LENGTH ? value : value.substring(0, MAX_VALUE_LENGTH) + "...";
    }

    private static Class<?> expectedType(JsonMappingException failure, Class<?> type) {
        @Nullable
        Class<?> target = failure instanceof MismatchedInputException mismatch ? mismatch.getTargetType() : null;
        return target != null ? target : type;
    }

    private static String quoted(String name) {
        return name.equals("the answer") ? name : '"' + name + '"';
    }
}
