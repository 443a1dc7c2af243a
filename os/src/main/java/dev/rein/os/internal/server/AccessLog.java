package dev.rein.os.internal.server;

import dev.rein.os.internal.route.HttpCall;
import dev.rein.os.internal.route.LogText;
import io.javalin.http.Context;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs one line per answered request, with the id of its run. */
final class AccessLog {
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
                LogText.line(http.path()),
                http.statusCode(),
                String.format(Locale.ROOT, "%.1f", millis),
                run == null ? "" : " run " + LogText.line(run));
    }
}
