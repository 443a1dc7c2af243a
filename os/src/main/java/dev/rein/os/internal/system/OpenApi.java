package dev.rein.os.internal.system;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.os.internal.ServerSettings;
import dev.rein.os.internal.route.Param;
import dev.rein.os.internal.route.RequestValues;
import dev.rein.os.internal.route.Route;
import dev.rein.os.internal.runs.RunStatuses;
import dev.rein.os.internal.wire.WireJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Builds the OpenAPI document of the routes. */
final class OpenApi {
    private static final String JSON = "application/json";

    private final ServerSettings settings;
    private final boolean isOpen;
    private final Schemas schemas = new Schemas();

    /** @param isOpen whether no authentication is required */
    OpenApi(ServerSettings settings, boolean isOpen) {
        this.settings = settings;
        this.isOpen = isOpen;
    }

    ObjectNode document(List<Route> routes) {
        var document = WireJson.object().put("openapi", "3.1.0");
        var info = document.putObject("info")
                .put("title", settings.name() == null ? "AgentOS" : settings.name())
                .put("version", settings.version());
        if (settings.description() != null) {
            info.put("description", settings.description());
        }
        var paths = document.putObject("paths");
        for (var route : routes) {
            if (route.shown()) {
                paths.withObjectProperty(route.path()).set(route.method().toLowerCase(Locale.ROOT), operation(route));
            }
        }
        var components = document.putObject("components");
        components.set("schemas", schemas.all());
        components
                .putObject("securitySchemes")
                .putObject("bearer")
                .put("type", "http")
                .put("scheme", "bearer");
        if (!isOpen) {
            document.putArray("security").addObject().putArray("bearer");
        }
        return document;
    }

    private ObjectNode operation(Route route) {
        var operation = WireJson.object();
        operation.putArray("tags").add(route.tag());
        operation.put("summary", route.summary()).put("operationId", id(route));
        var parameters = parameters(route);
        if (!parameters.isEmpty()) {
            operation.set("parameters", parameters);
        }
        if (route.takes(Param.Place.FORM) || route.takes(Param.Place.JSON)) {
            operation.set("requestBody", body(route));
        }
        operation.set("responses", responses(route));
        if (route.open() && !isOpen) {
            operation.putArray("security");
        }
        return operation;
    }

    private static String id(Route route) {
        return route.method().toLowerCase(Locale.ROOT)
                + route.path().replaceAll("[^A-Za-z0-9]+", "_").replaceAll("_$", "");
    }

    // ---- parameters

    private static ArrayNode parameters(Route route) {
        var all = WireJson.array();
        for (var param : route.pathParams()) {
            all.addObject()
                    .put("name", param.name())
                    .put("in", "path")
                    .put("required", true)
                    .set("schema", schema(param));
        }
        var others = Stream.concat(in(route, Param.Place.QUERY).stream(), in(route, Param.Place.HEADER).stream());
        for (var param : others.toList()) {
            var each = all.addObject()
                    .put("name", param.name())
                    .put("in", param.place() == Param.Place.QUERY ? "query" : "header")
                    .put("required", param.required());
            if (!param.description().isEmpty()) {
                each.put("description", param.description());
            }
            each.set("schema", schema(param));
        }
        return all;
    }

    private static List<Param> in(Route route, Param.Place place) {
        return route.params().stream().filter(param -> param.place() == place).toList();
    }

    private static ObjectNode body(Route route) {
        var isForm = route.takes(Param.Place.FORM);
        var params = in(route, isForm ? Param.Place.FORM : Param.Place.JSON);
        var body = WireJson.object();
        var content = body.putObject("content");
        if (isForm) {
            var plain = params.stream()
                    .filter(param -> param.type() != Param.Type.FILE)
                    .toList();
            content.putObject("application/x-www-form-urlencoded").set("schema", object(plain));
            var parts = object(params);
            // Names of parts are sent in headers.
            parts.putObject("propertyNames").put("pattern", "^[^\\u0000-\\u001f\\u007f]*$");
            content.putObject("multipart/form-data").set("schema", parts);
            if (route.takesJsonToo()) {
                var same =
                        params.stream().map(param -> param.in(Param.Place.JSON)).toList();
                content.putObject(JSON).set("schema", object(same));
            }
        } else {
            content.putObject(JSON).set("schema", object(params));
        }
        return body.put("required", params.stream().anyMatch(Param::required));
    }

    private static ObjectNode object(List<Param> params) {
        var schema = WireJson.object().put("type", "object");
        var properties = WireJson.object();
        var required = WireJson.array();
        for (var param : params) {
            var property = schema(param);
            if (!param.description().isEmpty()) {
                property.put("description", param.description());
            }
            properties.set(param.name(), property);
            if (param.required()) {
                required.add(param.name());
            }
        }
        schema.set("properties", properties);
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return schema;
    }

    private static ObjectNode schema(Param param) {
        var one = WireJson.object();
        var isList = param.repeated() || param.type() == Param.Type.ARRAY;
        var type = param.type() == Param.Type.ARRAY ? "object" : param.type().schema();
        var isNullable = param.place() == Param.Place.JSON && !param.required() && !isList;
        if (isNullable) {
            one.putArray("type").add(type).add("null");
        } else {
            one.put("type", type);
        }
        if (param.type() == Param.Type.FILE) {
            one.put("format", "binary");
        }
        if (param.type() == Param.Type.DATE) {
            one.put("format", "date");
        }
        var choices = param.type() == Param.Type.STATUS ? RunStatuses.names() : param.choices();
        if (!choices.isEmpty()) {
            var values = one.putArray("enum");
            choices.forEach(values::add);
            if (isNullable) {
                values.addNull();
            }
        }
        if (param.pattern() != null && choices.isEmpty()) {
            one.put("pattern", param.pattern());
        }
        if (param.min() != null) {
            one.put("minimum", param.min());
        }
        if (param.type() == Param.Type.INTEGER && param.max() != null) {
            one.put("maximum", param.max());
        } else if (type.equals("string") && choices.isEmpty() && param.longest() != null) {
            one.put("maxLength", param.longest());
        }
        if (isList) {
            var list = WireJson.object();
            if (param.place() == Param.Place.JSON && !param.required()) {
                list.putArray("type").add("array").add("null");
            } else {
                list.put("type", "array");
            }
            list.set("items", one);
            return param.place() == Param.Place.JSON && param.required() ? list.put("minItems", 1) : list;
        }
        if (param.defaultValue() != null) {
            one.set("default", RequestValues.JSON.valueToTree(param.defaultValue()));
        }
        return one;
    }

    // ---- responses

    private ObjectNode responses(Route route) {
        var all = WireJson.object();
        new TreeMap<>(route.answers()).forEach((status, schema) -> {
            var response = WireJson.object().put("description", schema.isEmpty() ? "No content" : "Success");
            if (!schema.isEmpty()) {
                response.set("content", content(schema));
            }
            all.set(String.valueOf(status), response);
        });
        for (var status : errors(route)) {
            all.set(String.valueOf(status), error(status));
        }
        var other = WireJson.object().put("description", "Unexpected error");
        other.putObject("content").putObject(JSON).set("schema", schemas.reference("Error"));
        all.set("default", other);
        return all;
    }

    private ObjectNode content(String schema) {
        var content = WireJson.object();
        switch (schema) {
            case "RunStream" -> {
                // OpenAPI 3.1 can't describe the schema of each event.
                content.putObject("text/event-stream");
                content.putObject(JSON).set("schema", schemas.reference("Run"));
            }
            case "Text" -> content.putObject("text/plain").putObject("schema").put("type", "string");
            default -> content.putObject(JSON).set("schema", schemas.reference(schema));
        }
        return content;
    }

    /** The error statuses declared by the route and those that its parameters imply. */
    private List<Integer> errors(Route route) {
        var all = new ArrayList<>(route.errors());
        var takesBody = route.takes(Param.Place.FORM) || route.takes(Param.Place.JSON);
        if (takesBody) {
            all.addAll(List.of(400, 413));
        }
        if (route.path().contains("{")) {
            all.add(400);
        }
        if (!route.params().isEmpty() || route.path().contains("{")) {
            all.add(422);
        }
        if (!isOpen && !route.open()) {
            all.add(401);
        }
        // For a foreign host or origin; and during shutdown or while the store is unavailable.
        all.addAll(List.of(403, 503));
        return all.stream().distinct().sorted().toList();
    }

    private ObjectNode error(int status) {
        var error = WireJson.object()
                .put(
                        "description",
                        switch (status) {
                            case 400 -> "Bad request";
                            case 401 -> "Missing or invalid token or key";
                            case 403 -> "Forbidden";
                            case 404 -> "Not found";
                            case 409 -> "Conflict with the current state";
                            case 413 -> "Request body too large";
                            case 422 -> "Invalid value";
                            case 429 -> "Too many requests; retry later";
                            default -> "Temporarily unavailable";
                        });
        error.putObject("content")
                .putObject(JSON)
                .set("schema", schemas.reference(status == 422 ? "Invalid" : "Error"));
        return error;
    }
}
