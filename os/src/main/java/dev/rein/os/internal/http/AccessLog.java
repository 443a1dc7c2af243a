package dev.rein.os.internal.http;

import io.javalin.http.Context;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line for each request that was answered, with the run that it was about. */
final class AccessLog {
    /** The attribute of a request that holds the id of the run that it is about. */
    static final String RUN = "rein.run";

    private static final int LONGEST_PATH = 300;
    private static final Logger log = LoggerFactory.getLogger("dev.rein.os.access");

    void write(Context http, Float millis) {
        if (!log.isInfoEnabled()) {
            return;
        }
        var run = http.<String>attribute(RUN);
        log.info(
                "{} {} {} {} {} ms{}",
                http.ip(),
                http.method(),
                clean(http.path()),
                http.statusCode(),
                String.format(Locale.ROOT, "%.1f", millis),
                run == null ? "" : " run " + clean(run));
    }

    /** So that nobody writes lines of his own into the log. */
    private static String clean(String text) {
        var cut = text.length() > LONGEST_PATH ? text.substring(0, LONGEST_PATH) + "..." : text;
        return cut.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}]", "?");
    }
}
