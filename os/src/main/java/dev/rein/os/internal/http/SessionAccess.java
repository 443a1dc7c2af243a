package dev.rein.os.internal.http;

import dev.rein.run.ComponentKind;
import dev.rein.session.Session;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which session a request is about, as far as its caller may see it. */
final class SessionAccess {
    static final Param TYPE = Param.query("type").oneOf("agent", "team", "workflow");
    static final Param USER = Param.query("user_id");

    /** The store and the table: there is one of each, and so they don't matter. */
    static final Param[] DB = {Param.query("db_id"), Param.query("table")};

    private final StoreAccess stored;

    SessionAccess(StoreAccess stored) {
        this.stored = stored;
    }

    /** The kind of component that the request names; null for any. */
    static @Nullable ComponentKind kind(HttpCall call) {
        var type = call.text("type");
        return type == null ? null : ComponentKind.valueOf(type.toUpperCase(Locale.ROOT));
    }

    /** Whose things the request is about: of a caller who sees only his own, his; null for anybody's. */
    static @Nullable String user(HttpCall call) {
        return call.caller().isolated() ? call.caller().userId() : call.text("user_id");
    }

    /** Whether the caller can see nothing at all: he sees only his own, and it is not known who he is. */
    static boolean isNobody(HttpCall call) {
        return call.caller().isolated() && call.caller().userId() == null;
    }

    Optional<Session> find(HttpCall call, String id) {
        var user = user(call);
        return stored.session(id, call.caller()).filter(session -> user == null || user.equals(session.userId()));
    }

    /**
     * The session in the path.
     *
     * @throws Problem 404 if it is not there, or of another kind or user
     */
    Session require(HttpCall call) {
        var id = call.path("session_id");
        var kind = kind(call);
        return find(call, id)
                .filter(session -> kind == null || kind == session.source())
                .orElseThrow(() -> Problem.notFound((kind == null ? "" : ComponentRegistry.title(kind) + " ")
                        + "Session with id '" + id + "' not found"));
    }
}
