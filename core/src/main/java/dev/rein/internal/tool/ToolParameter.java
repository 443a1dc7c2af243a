package dev.rein.internal.tool;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.reflect.Parameter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A parameter of a tool method whose value the model provides.
 *
 * @param recursive whether its type contains itself
 */
record ToolParameter(
        String name,
        JavaType type,
        boolean required,
        boolean recursive,
        @Nullable String description,
        ObjectReader reader) {

    /** @param where the method, for error messages */
    static ToolParameter of(Parameter parameter, JavaType toolkit, String where) {
        if (!parameter.isNamePresent()) {
            throw new IllegalArgumentException(
                    where
                            + ": the names of its parameters are not in the class file, so they can't be given to the model:"
                            + " compile with -parameters (Maven: <parameters>true</parameters> of the"
                            + " maven-compiler-plugin, version 3.6.2 or newer; Gradle: options.compilerArgs.add(\"-parameters\"))");
        }
        var at = where + ", parameter " + parameter.getName();
        JsonTypes.requireResolved(parameter.getParameterizedType(), toolkit.getBindings(), at);
        var type = JsonTypes.resolve(parameter.getParameterizedType(), toolkit);
        var required = ParamMetadata.required(parameter);
        JsonTypes.requireObjectWhenOptional(parameter.getType(), required, at);
        var recursive = JsonTypes.check(JsonTypes.withoutOptional(type), at);
        return new ToolParameter(
                parameter.getName(),
                type,
                required,
                recursive,
                ParamMetadata.description(parameter),
                ToolJson.MAPPER.readerFor(JsonTypes.withoutOptional(type)));
    }

    /** Reads the value of this parameter. Adds an invalid value to {@code errors} and returns null. */
    @Nullable
    Object read(ObjectNode arguments, List<String> errors) {
        JsonNode node = arguments.get(name);
        var optional = type.hasRawClass(Optional.class);
        if (node == null || node.isNull()) {
            if (required) {
                var expected = type.getRawClass();
                errors.add(
                        node == null
                                ? ArgumentErrors.missing(name, expected)
                                : ArgumentErrors.invalid(name, node, expected));
            }
            return optional ? Optional.empty() : null;
        }
        var expected = JsonTypes.withoutOptional(type).getRawClass();
        try {
            Object value = reader.readValue(node);
            return optional ? Optional.ofNullable(value) : value;
        } catch (JsonMappingException e) {
            errors.add(ArgumentErrors.of(e, name, node, expected));
        } catch (IOException e) {
            errors.add(ArgumentErrors.invalid(name, node, expected));
        }
        return null;
    }
}
