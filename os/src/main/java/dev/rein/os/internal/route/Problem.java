package dev.rein.os.internal.route;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Thrown to answer a request with an error: {@code {"detail": ...}}. */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Seconds after which a client refused for lack of capacity may retry. */
    public static final int RETRY_AFTER = 1;

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

    public static Problem of(int status, String detail) {
        return new Problem(status, detail, null, null);
    }

    public static Problem badRequest(String detail) {
        return of(400, detail);
    }

    public static Problem notFound(String detail) {
        return of(404, detail);
    }

    public static Problem conflict(String detail) {
        return of(409, detail);
    }

    /** A conflict with an id that programs can check. */
    public static Problem conflict(String detail, String errorId) {
        return new Problem(409, detail, null, errorId);
    }

    /** Capacity or the store is temporarily unavailable. */
    public static Problem unavailable(String detail) {
        return of(503, detail);
    }

    /** The feature is not supported or not configured; retrying is useless. */
    public static Problem unsupported(String detail) {
        return new Problem(503, detail, null, null, false);
    }

    /** Invalid parameters, with one entry each. */
    static Problem invalid(List<ObjectNode> entries) {
        var all = JsonNodeFactory.instance.arrayNode();
        entries.forEach(all::add);
        return new Problem(422, "invalid input", all, null);
    }

    public int status() {
        return status;
    }

    /** Whether a retry may succeed. */
    public boolean isTemporary() {
        return isTemporary;
    }

    public ObjectNode body() {
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
