package dev.rein.os.internal.route;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.os.internal.wire.WireJson;
import dev.rein.session.Page;

/** Pagination of lists: its parameters and the form of the response. */
public final class Paging {
    private static final int MAX_LIMIT = 1_000;
    private static final int MAX_PAGE = 1_000_000;
    private static final double NANOS_PER_MILLI = 1e6;

    private Paging() {}

    /** The parameters of a paginated route, with a default page size of {@code limit}. */
    public static Param[] params(int limit) {
        return new Param[] {
            Param.query("limit").integer(limit).between(1, MAX_LIMIT).description("Number of entries per page"),
            Param.query("page").integer(1).between(1, MAX_PAGE).description("Page number, from 1")
        };
    }

    public static int limit(HttpCall call) {
        return number(call, "limit", 20);
    }

    public static int page(HttpCall call) {
        return number(call, "page", 1);
    }

    private static int number(HttpCall call, String name, int defaultValue) {
        var given = call.integer(name);
        return given == null ? defaultValue : Math.toIntExact(given);
    }

    /** @param startedAt when the query started, by {@link System#nanoTime} */
    public static ObjectNode answer(ArrayNode data, Page<?> page, long startedAt) {
        return answer(data, page.page(), page.limit(), page.total(), (System.nanoTime() - startedAt) / NANOS_PER_MILLI);
    }

    /** An empty page. */
    public static ObjectNode empty(HttpCall call) {
        return answer(WireJson.array(), page(call), limit(call), 0, 0);
    }

    private static ObjectNode answer(ArrayNode data, int page, int limit, long total, double millis) {
        var answer = WireJson.object();
        answer.set("data", data);
        answer.putObject("meta")
                .put("page", page)
                .put("limit", limit)
                .put("total_pages", Math.ceilDiv(total, limit))
                .put("total_count", total)
                .put("search_time_ms", Math.round(millis * 1000) / 1000.0);
        return answer;
    }
}
