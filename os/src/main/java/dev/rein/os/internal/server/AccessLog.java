package dev.rein.os.internal.server;

import dev.rein.os.internal.route.HttpCall;
import io.javalin.http.Context;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs one line per answered request, with the id of its run. */
final class AccessLog {
    private static final int MAX_LENGTH = 300;
    private static final Logger log = LoggerFactory.getLogger("dev.rein.os.access");

    void write(Context http, Float millis) {
        if (!log.isInfoEnabled()) {
            return;
        }
        var run = HttpCall.runOf(http);
        log.info(
                "{} {} {} {} {} ms{}",
                http.ip(),
                http.method(),
                clean(http.path()),
                http.statusCode(),
                String.format(Locale.ROOT, "%.1f", millis),
                run == null ? "" : " run " + clean(run));
    }

    /** Replaces line breaks and control characters, so that a client can't forge log lines. */
    private static String clean(String text) {
        var cut = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "..." : text;
        return cut.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}]", "?");
    }
}
