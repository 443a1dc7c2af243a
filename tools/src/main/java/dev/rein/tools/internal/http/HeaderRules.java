package dev.rein.tools.internal.http;

import java.util.Locale;
import java.util.Set;

/** Which request headers may be set, and sent to whom. */
public final class HeaderRules {
    /** They belong to one connection, and would change where a request ends or to whom it goes. */
    private static final Set<String> OF_THE_CONNECTION = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "http2-settings",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private static final Set<String> FOR_EVERYBODY = Set.of("accept", "accept-language", "cache-control", "user-agent");

    private HeaderRules() {}

    /** @throws IllegalArgumentException if the header belongs to the connection */
    public static void requireSettable(String name) {
        var lower = name.strip().toLowerCase(Locale.ROOT);
        if (OF_THE_CONNECTION.contains(lower) || lower.startsWith("proxy-")) {
            throw new IllegalArgumentException(
                    "header \"" + name + "\" belongs to the connection and may not be set: leave it out");
        }
    }

    /** Whether the header says nothing that only one origin may know. */
    public static boolean isForEverybody(String name) {
        return FOR_EVERYBODY.contains(name.toLowerCase(Locale.ROOT));
    }
}
