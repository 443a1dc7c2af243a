package dev.rein.os.internal.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ends the handling of a request with an error: {@code {"detail": ...}}. */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Seconds after which a client that is refused for lack of room may try again. */
    static final int RETRY_AFTER = 1;

    private final int status;
    private final transient @Nullable ArrayNode invalid;
    private final @Nullable String errorId;
    private final boolean isTemporary;

    private Problem(int status, String message, @Nullable ArrayNode invalid, @Nullable String errorId) {
        this(status, message, invalid, errorId, status == 429 || status == 503);
    }

    private Problem(
            int status, String message, @Nullable ArrayNode invalid, @Nullable String errorId, boolean isTemporary) {
        super(message, null, false, false);
        this.isTemporary = isTemporary;
        this.status = status;
        this.invalid = invalid;
        this.errorId = errorId;
    }

    static Problem of(int status, String detail) {
        return new Problem(status, detail, null, null);
    }

    static Problem badRequest(String detail) {
        return of(400, detail);
    }

    static Problem notFound(String detail) {
        return of(404, detail);
    }

    static Problem conflict(String detail) {
        return of(409, detail);
    }

    /** A conflict that programs tell from others by its id. */
    static Problem conflict(String detail, String errorId) {
        return new Problem(409, detail, null, errorId);
    }

    /** There is no room, or no store, now. */
    static Problem unavailable(String detail) {
        return of(503, detail);
    }

    /** This server does not have it, and will not have it soon. */
    static Problem absent(String detail) {
        return new Problem(503, detail, null, null, false);
    }

    /** Values that are not what a route takes, one entry each. */
    static Problem invalid(List<ObjectNode> entries) {
        var all = JsonNodeFactory.instance.arrayNode();
        entries.forEach(all::add);
        return new Problem(422, "invalid input", all, null);
    }

    int status() {
        return status;
    }

    /** Whether it may be otherwise soon. */
    boolean isTemporary() {
        return isTemporary;
    }

    ObjectNode body() {
        var body = JsonNodeFactory.instance.objectNode();
        if (invalid != null) {
            body.set("detail", invalid);
        } else {
            body.put("detail", getMessage());
        }
        if (errorId != null) {
            body.put("error_id", errorId);
        }
        return body;
    }
}
