package dev.rein.os.internal.route;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A route of the server. The table of routes registers the handlers, validates requests and generates the OpenAPI
 * document.
 *
 * @param method GET, POST, PATCH or DELETE
 * @param path the path template, with parameter names in braces
 * @param tag the group in the OpenAPI document
 * @param summary the summary in the OpenAPI document
 * @param params the parameters other than those of the path
 * @param answers the success statuses, each with the name of its schema; an empty name for no content
 * @param errors the error statuses
 * @param open whether it requires no authentication
 * @param shown whether it is part of the OpenAPI document
 * @param handler handles the requests
 */
public record Route(
        String method,
        String path,
        String tag,
        String summary,
        List<Param> params,
        Map<Integer, String> answers,
        List<Integer> errors,
        boolean open,
        boolean shown,
        Handler handler) {
    private static final Pattern PATH_PARAM = Pattern.compile("\\{([^}]+)}");

    /** Handles a request. */
    @FunctionalInterface
    public interface Handler {
        void handle(HttpCall call) throws Exception;
    }

    public static Route of(String method, String path, String tag, String summary, Handler handler) {
        return new Route(method, path, tag, summary, List.of(), Map.of(200, "Any"), List.of(), false, true, handler);
    }

    public static Route get(String path, String tag, String summary, Handler handler) {
        return of("GET", path, tag, summary, handler);
    }

    public static Route post(String path, String tag, String summary, Handler handler) {
        return of("POST", path, tag, summary, handler);
    }

    public static Route patch(String path, String tag, String summary, Handler handler) {
        return of("PATCH", path, tag, summary, handler);
    }

    public static Route delete(String path, String tag, String summary, Handler handler) {
        return of("DELETE", path, tag, summary, handler);
    }

    public Route takes(Param... more) {
        var all = Stream.concat(params.stream(), Stream.of(more)).toList();
        return new Route(method, path, tag, summary, all, answers, errors, open, shown, handler);
    }

    /** Sets the only success status and the name of its schema. */
    public Route answers(int status, String schema) {
        return answers(Map.of(status, schema));
    }

    public Route answers(Map<Integer, String> value) {
        return new Route(method, path, tag, summary, params, value, errors, open, shown, handler);
    }

    public Route fails(Integer... statuses) {
        return new Route(method, path, tag, summary, params, answers, List.of(statuses), open, shown, handler);
    }

    /** Requires no authentication. */
    public Route openToAll() {
        return new Route(method, path, tag, summary, params, answers, errors, true, shown, handler);
    }

    /** Leaves the route out of the OpenAPI document. */
    public Route hidden() {
        return new Route(method, path, tag, summary, params, answers, errors, open, false, handler);
    }

    /** The parameters in the path, which are ids. */
    public List<Param> pathParams() {
        return PATH_PARAM
                .matcher(path)
                .results()
                .map(match -> Param.path(match.group(1)))
                .toList();
    }

    /**
     * Whether form fields may also be sent as JSON: the options of a cancel must not be ignored because of their
     * encoding.
     */
    public boolean takesJsonToo() {
        return path.endsWith("/cancel");
    }

    public boolean takes(Param.Place place) {
        return params.stream().anyMatch(param -> param.place() == place);
    }
}
