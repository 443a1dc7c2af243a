package dev.rein.os.internal.sessions;

import dev.rein.os.internal.route.HttpCall;
import dev.rein.os.internal.route.Param;
import dev.rein.os.internal.route.Problem;
import dev.rein.os.internal.runs.ComponentRegistry;
import dev.rein.os.internal.runs.StoreAccess;
import dev.rein.run.ComponentKind;
import dev.rein.session.Session;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Resolves the session of a request, subject to what the caller may see. */
public final class SessionAccess {
    static final Param TYPE = Param.query("type").oneOf("agent", "team", "workflow");
    public static final Param USER = Param.query("user_id");

    private final StoreAccess stored;

    SessionAccess(StoreAccess stored) {
        this.stored = stored;
    }

    /** The database and table parameters; ignored, because there is one of each. */
    public static Param[] db() {
        return new Param[] {Param.query("db_id"), Param.query("table")};
    }

    /** The kind of component named in the request; null for any. */
    static @Nullable ComponentKind kind(HttpCall call) {
        var type = call.text("type");
        return type == null ? null : ComponentKind.valueOf(type.toUpperCase(Locale.ROOT));
    }

    /** The user whose data is requested: an isolated caller's own, else the one named; null for all users. */
    public static @Nullable String user(HttpCall call) {
        return call.caller().isolated() ? call.caller().userId() : call.text("user_id");
    }

    /** Whether the caller is isolated but has no user id, and so can see nothing. */
    public static boolean seesNothing(HttpCall call) {
        return call.caller().isolated() && call.caller().userId() == null;
    }

    Optional<Session> find(HttpCall call, String id) {
        var user = user(call);
        return stored.session(id, call.caller()).filter(session -> user == null || user.equals(session.userId()));
    }

    /**
     * The session of the path parameter.
     *
     * @throws Problem 404 if it does not exist or belongs to another kind or user
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
