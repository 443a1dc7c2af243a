package dev.rein.internal.tool;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.model.ToolDefinition;
import dev.rein.run.RunContext;
import dev.rein.tool.Tool;
import dev.rein.tool.ToolArgumentException;
import dev.rein.tool.ToolOptions;
import dev.rein.tool.ToolSpec;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A method annotated with {@link Tool}: its definition for the model, and its invocation.
 *
 * @param parameters the method's parameters; null stands for the {@link RunContext}
 */
record ToolMethod(Method method, ToolDefinition definition, List<@Nullable ToolParameter> parameters) {

    static ToolMethod of(Method method, JavaType toolkit) {
        var tool = Objects.requireNonNull(method.getAnnotation(Tool.class));
        var where = describe(method);
        if (Future.class.isAssignableFrom(method.getReturnType())
                || CompletionStage.class.isAssignableFrom(method.getReturnType())) {
            throw new IllegalArgumentException(where + " returns a "
                    + method.getReturnType().getSimpleName()
                    + ", which would continue after a stop: wait for it with RunContext.cancellation().await and"
                    + " return its value");
        }
        if (JsonTypes.isOpaque(method.getReturnType())) {
            throw new IllegalArgumentException(
                    where + " returns a " + method.getReturnType().getSimpleName()
                            + ", which has no properties and no toString of its own: return text, a record, a list or a map, or"
                            + " declare a supertype if subclasses have properties");
        }
        try {
            method.setAccessible(true);
        } catch (InaccessibleObjectException e) {
            throw new IllegalArgumentException(
                    where + " can't be called: make its class public or open its package to dev.rein.core", e);
        }
        var parameters = new ArrayList<@Nullable ToolParameter>();
        for (var parameter : method.getParameters()) {
            parameters.add(
                    parameter.getType() == RunContext.class ? null : ToolParameter.of(parameter, toolkit, where));
        }
        var visible = parameters.stream().filter(Objects::nonNull).toList();
        var name = tool.name().isBlank() ? method.getName() : tool.name();
        // Checked now, so that a mistake is found although no object is there yet.
        var _ = options(method, name);
        return new ToolMethod(
                method, new ToolDefinition(name, tool.value(), Schemas.ofParameters(visible)), parameters);
    }

    static String describe(Method method) {
        return "tool method " + method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    /** The options of a method; each call returns a cache of its own. */
    private static ToolOptions options(Method method, String name) {
        try {
            return ToolOptions.of(Objects.requireNonNull(method.getAnnotation(Tool.class)), name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(describe(method) + ": " + e.getMessage(), e);
        }
    }

    ToolSpec on(Object toolkit) {
        return new ToolSpec(
                definition,
                (BoundMethod) (arguments, context) -> call(toolkit, arguments, context),
                options(method, definition.name()));
    }

    private @Nullable Object call(Object toolkit, ObjectNode arguments, RunContext context) throws Exception {
        try {
            return method.invoke(toolkit, bind(arguments, context));
        } catch (InvocationTargetException e) {
            switch (e.getCause()) {
                case Exception thrown -> throw thrown;
                case Error thrown -> throw thrown;
                case null, default -> throw e;
            }
        }
    }

    private @Nullable Object[] bind(ObjectNode arguments, RunContext context) {
        var errors = new ArrayList<String>();
        var values = new @Nullable Object[parameters.size()];
        for (int i = 0; i < values.length; i++) {
            var parameter = parameters.get(i);
            values[i] = parameter == null ? context : parameter.read(arguments, errors);
        }
        var known = parameters.stream()
                .filter(Objects::nonNull)
                .map(ToolParameter::name)
                .toList();
        arguments.fieldNames().forEachRemaining(given -> {
            if (!known.contains(given)) {
                errors.add(ArgumentErrors.unknown(given, known));
            }
        });
        if (!errors.isEmpty()) {
            throw new ToolArgumentException("the arguments of " + definition.name() + " are not valid: parameter "
                    + String.join("; parameter ", errors));
        }
        return values;
    }
}
