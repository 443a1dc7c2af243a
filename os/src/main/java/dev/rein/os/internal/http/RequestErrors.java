package dev.rein.os.internal.http;

import java.io.EOFException;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.BadMessageException;

/** Tells exceptions that a request has caused from those that are our own fault. */
final class RequestErrors {
    private RequestErrors() {}

    /** Whether a request could not be read: broken multipart or percent-encoding, an unknown character set, a body
     * that was cut off. */
    @SuppressWarnings("removal") // Jetty is to remove it, and still throws it.
    static boolean isOne(Throwable e) {
        for (var cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BadMessageException
                    || cause instanceof EOFException
                    || cause instanceof UnsupportedCharsetException
                    || cause instanceof IllegalCharsetNameException
                    || cause instanceof TimeoutException) {
                return true;
            }
        }
        return isFromParsing(e);
    }

    /** Jetty says of most broken bodies only where it was when it noticed. */
    private static boolean isFromParsing(Throwable e) {
        for (var frame : e.getStackTrace()) {
            var where = frame.getClassName();
            if (where.contains("MultiPart")
                    || where.contains("UrlEncoded")
                    || where.contains("FormFields")
                    || where.contains("UrlDecoder")
                    || where.contains("URLDecoder")) {
                return true;
            }
            if (where.startsWith("dev.rein.")) {
                return false;
            }
        }
        return false;
    }
}
