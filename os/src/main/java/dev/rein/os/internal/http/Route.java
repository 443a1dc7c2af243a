package dev.rein.os.internal.http;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One thing that the server answers to. The same table registers the handlers, checks what requests give, and makes the
 * OpenAPI document.
 *
 * @param method GET, POST, PATCH or DELETE
 * @param path with names of parts in braces
 * @param tag the group that it is shown in
 * @param summary what it does
 * @param params what it takes besides the parts of the path
 * @param answers the statuses that it gives on success, each with the name of its schema; empty for no content
 * @param errors the other statuses that it may give
 * @param open whether it needs no authentication
 * @param shown whether the OpenAPI document names it; what is only there to say that it is not there is left out
 * @param handler does it
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

    /** Does what a route is for. */
    @FunctionalInterface
    public interface Handler {
        void handle(HttpCall call) throws Exception;
    }

    static Route of(String method, String path, String tag, String summary, Handler handler) {
        return new Route(method, path, tag, summary, List.of(), Map.of(200, "Any"), List.of(), false, true, handler);
    }

    static Route get(String path, String tag, String summary, Handler handler) {
        return of("GET", path, tag, summary, handler);
    }

    static Route post(String path, String tag, String summary, Handler handler) {
        return of("POST", path, tag, summary, handler);
    }

    static Route patch(String path, String tag, String summary, Handler handler) {
        return of("PATCH", path, tag, summary, handler);
    }

    static Route delete(String path, String tag, String summary, Handler handler) {
        return of("DELETE", path, tag, summary, handler);
    }

    Route takes(Param... more) {
        var all = Stream.concat(params.stream(), Stream.of(more)).toList();
        return new Route(method, path, tag, summary, all, answers, errors, open, shown, handler);
    }

    /** The one answer on success. */
    Route answers(int status, String schema) {
        return answers(Map.of(status, schema));
    }

    Route answers(Map<Integer, String> value) {
        return new Route(method, path, tag, summary, params, value, errors, open, shown, handler);
    }

    Route fails(Integer... statuses) {
        return new Route(method, path, tag, summary, params, answers, List.of(statuses), open, shown, handler);
    }

    /** It needs no authentication. */
    Route openToAll() {
        return new Route(method, path, tag, summary, params, answers, errors, true, shown, handler);
    }

    /** The OpenAPI document does not name it. */
    Route hidden() {
        return new Route(method, path, tag, summary, params, answers, errors, open, false, handler);
    }

    /** Whether what a form holds may come as JSON instead: a stop must not be another one because of how it was asked for. */
    boolean takesJsonToo() {
        return path.endsWith("/cancel");
    }

    boolean takes(Param.Place place) {
        return params.stream().anyMatch(param -> param.place() == place);
    }
}
