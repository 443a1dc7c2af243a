package dev.rein.os.internal.runs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.os.internal.route.HttpCall;
import dev.rein.os.internal.route.Param;
import dev.rein.os.internal.route.Problem;
import dev.rein.os.internal.wire.WireJson;
import dev.rein.session.RunPreview;
import dev.rein.session.RunQuery;
import dev.rein.session.SessionStore;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Function;

/**
 * A page of the runs of a session: the latest ones, or those before a given run, in the order of their start. Limited in number
 * and size. Runs are read one by one, because a run may hold megabytes.
 */
public final class RunPage {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;
    private static final int PREVIEWS = 100;

    /** The response header with the value of {@code before} for the runs before this page; missing if there are none. */
    static final String NEXT = "X-Next-Before";

    private final HttpCall call;
    private final int maxBytes;
    private final long limit;
    private final ArrayDeque<List<ObjectNode>> groups = new ArrayDeque<>();
    private int count;
    private long bytes;

    private RunPage(HttpCall call, int maxBytes) {
        this.call = call;
        this.maxBytes = maxBytes;
        var given = call.integer("limit");
        this.limit = given == null ? DEFAULT_LIMIT : given;
    }

    /** The parameters of a list of runs. */
    public static Param[] params() {
        return new Param[] {
            Param.query("limit")
                    .integer(DEFAULT_LIMIT)
                    .between(1, MAX_LIMIT)
                    .description("Number of runs: the latest ones, in the order of their start"),
            Param.query("before")
                    .id()
                    .description("Id of a run: lists those before it. The response header " + NEXT
                            + " has the id for the next page")
        };
    }

    /**
     * Answers with a page.
     *
     * @param roots selects root runs of a session
     * @param maxBytes the size of the page
     * @param entries the entries of a root run and the runs below it that are listed; empty if it is not listed
     */
    public static void answer(
            HttpCall call,
            SessionStore store,
            RunQuery roots,
            int maxBytes,
            Function<RunPreview, List<ObjectNode>> entries) {
        new RunPage(call, maxBytes).fill(store, roots.newestFirst(true), entries);
    }

    private void fill(SessionStore store, RunQuery roots, Function<RunPreview, List<ObjectNode>> entries) {
        var before = call.text("before");
        var isSkipping = before != null;
        var last = "";
        for (var number = 1; ; number++) {
            var query = roots.page(number, PREVIEWS);
            var page = StoreAccess.orBadRequest(() -> store.previews(query, 0));
            for (var root : page.items()) {
                if (isSkipping) {
                    isSkipping = !root.runId().equals(before);
                } else if (add(entries.apply(root))) {
                    last = root.runId();
                } else {
                    call.http().header(NEXT, last);
                    call.answer(entries());
                    return;
                }
            }
            if (number >= page.pages()) {
                break;
            }
        }
        if (isSkipping) {
            throw Problem.badRequest("before is " + before + ": the list has no such run");
        }
        call.answer(entries());
    }

    /** @return false if the page has no room for them */
    private boolean add(List<ObjectNode> more) {
        var size = more.stream().mapToLong(each -> WireJson.bytes(each).length).sum();
        if (count > 0 && !more.isEmpty() && (count + more.size() > limit || bytes + size > maxBytes)) {
            return false;
        }
        groups.addFirst(more);
        count += more.size();
        bytes += size;
        return true;
    }

    private ArrayNode entries() {
        var all = WireJson.array();
        groups.forEach(all::addAll);
        return all;
    }
}
