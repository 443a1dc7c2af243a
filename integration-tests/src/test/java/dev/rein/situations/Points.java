package dev.rein.situations;

import dev.rein.session.SessionStore;
import dev.rein.testkit.InterceptedStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The places that a run passes. In one of them something is done, while the run stands there. Thread-safe. */
final class Points {
    private final Map<String, Integer> times = new HashMap<>();
    private final List<String> passed = new ArrayList<>();
    private final @Nullable String wanted;
    private final Runnable action;

    private Points(@Nullable String wanted, Runnable action) {
        this.wanted = wanted;
        this.action = action;
    }

    /** Does nothing anywhere, to find out which points there are. */
    static Points record() {
        return new Points(null, () -> {});
    }

    static Points at(String wanted, Runnable action) {
        return new Points(wanted, action);
    }

    /** Code under test comes by, for the first time or again. */
    void pass(String place) {
        String point;
        synchronized (this) {
            point = place + " #" + times.merge(place, 1, Integer::sum);
            passed.add(point);
        }
        if (point.equals(wanted)) {
            Elsewhere.run(action);
        }
    }

    synchronized List<String> passed() {
        return List.copyOf(passed);
    }

    synchronized int count(String place) {
        return times.getOrDefault(place, 0);
    }

    /** How often places whose name begins like this were passed. */
    synchronized int countAll(String prefix) {
        return times.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /** A store that passes a point before and after what is done for a run. */
    SessionStore passedBy(SessionStore rows) {
        var intercepted = InterceptedStore.of(SessionStore.class, rows);
        intercepted.on("insert", call -> passAround("the first row", call));
        intercepted.on("finish", call -> passAround("the end", call));
        intercepted.before("session", _ -> pass("store, reading the session"));
        intercepted.before("latest", _ -> pass("store, reading the runs"));
        return intercepted.store();
    }

    private @Nullable Object passAround(String what, InterceptedStore.Call call) throws Exception {
        pass("store, before " + what);
        var result = call.proceed();
        pass("store, after " + what);
        return result;
    }
}
