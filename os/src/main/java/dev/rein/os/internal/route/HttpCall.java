package dev.rein.os.internal.route;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.os.ServerLimits;
import dev.rein.os.internal.wire.WireJson;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.UploadedFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A validated request and its response. Confined to the thread that handles it. */
public final class HttpCall {
    /** The request attribute with the id of its run. */
    private static final String RUN = "rein.run";

    private final Context http;
    private final Caller caller;
    private final Map<String, Object> values;
    private final Map<String, String> others;

    private HttpCall(Context http, Caller caller, Map<String, Object> values, Map<String, String> others) {
        this.http = http;
        this.caller = caller;
        this.values = values;
        this.others = others;
    }

    /** @throws Problem 422 if the request does not match the route's parameters, 413 if its body is too long */
    public static HttpCall of(Context http, Route route, Caller caller, ServerLimits limits) {
        var values = new RequestValues(limits.listEntries());
        var others = new LinkedHashMap<String, String>();
        values.path(route.pathParams(), http.pathParamMap());
        values.texts(in(route, Param.Place.QUERY), http.queryParamMap());
        values.texts(in(route, Param.Place.HEADER), headers(http, in(route, Param.Place.HEADER)));
        if (route.takesJsonToo() && isJson(http)) {
            values.json(
                    in(route, Param.Place.FORM).stream()
                            .map(param -> param.in(Param.Place.JSON))
                            .toList(),
                    FormReader.text(http, limits));
        } else if (route.takes(Param.Place.FORM)) {
            var params = in(route, Param.Place.FORM);
            var given = FormReader.fields(http, limits);
            values.texts(
                    params.stream()
                            .filter(param -> param.type() != Param.Type.FILE)
                            .toList(),
                    given);
            var known = RequestValues.names(params);
            given.forEach((name, all) -> {
                if (!known.contains(name) && !all.isEmpty()) {
                    others.put(name, all.getLast());
                }
            });
        }
        if (route.takes(Param.Place.JSON)) {
            values.json(in(route, Param.Place.JSON), FormReader.text(http, limits));
        }
        return new HttpCall(http, caller, values.checked(), others);
    }

    private static Map<String, List<String>> headers(Context http, List<Param> params) {
        var given = new LinkedHashMap<String, List<String>>();
        for (var param : params) {
            var value = http.header(param.name());
            if (value != null) {
                given.put(param.name(), List.of(value));
            }
        }
        return given;
    }

    private static boolean isJson(Context http) {
        var type = http.contentType();
        return type != null && type.strip().toLowerCase(Locale.ROOT).startsWith("application/json");
    }

    private static List<Param> in(Route route, Param.Place place) {
        return route.params().stream().filter(param -> param.place() == place).toList();
    }

    /** Notes which run the request is about, for the access log. */
    public void ofRun(String runId) {
        http.attribute(RUN, runId);
    }

    /** The id of the run that the request is about; null if it is about none. */
    public static @Nullable String runOf(Context http) {
        return http.attribute(RUN);
    }

    public Context http() {
        return http;
    }

    public Caller caller() {
        return caller;
    }

    /** A header of the request; null if missing. */
    @Nullable
    public String header(String name) {
        return http.header(name);
    }

    public boolean isGet() {
        return http.method().equals(HandlerType.GET);
    }

    /** A path parameter. */
    public String path(String name) {
        return http.pathParam(name);
    }

    /** A text parameter; null if missing or empty. */
    @Nullable
    public String text(String name) {
        return values.get(name) instanceof String text && !text.isEmpty() ? text : null;
    }

    /** A required text parameter; may be empty. */
    public String required(String name) {
        return values.get(name) instanceof String text ? text : "";
    }

    @Nullable
    public Long integer(String name) {
        return values.get(name) instanceof Long number ? number : null;
    }

    public boolean flag(String name) {
        return values.get(name) instanceof Boolean flag && flag;
    }

    public List<String> texts(String name) {
        return values.get(name) instanceof List<?> all
                ? all.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** A JSON object or array; null if missing. */
    @Nullable
    public JsonNode json(String name) {
        return values.get(name) instanceof JsonNode node ? node : null;
    }

    /** The form fields that the route does not declare. */
    public Map<String, String> others() {
        return others;
    }

    public List<UploadedFile> uploads() {
        return http.isMultipartFormData() ? http.uploadedFiles() : List.of();
    }

    public void answer(JsonNode body) {
        answer(200, body);
    }

    public void answer(int status, JsonNode body) {
        http.status(status).contentType("application/json").result(WireJson.bytes(body));
    }

    /** Answers 204 without a body. */
    public void done() {
        http.status(204);
    }
}
