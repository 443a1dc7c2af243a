package dev.rein.os.internal.server;

import java.io.EOFException;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.BadMessageException;

/** Distinguishes errors caused by a malformed request from internal ones. */
final class RequestErrors {
    private RequestErrors() {}

    /**
     * Whether the request could not be read: broken multipart or percent encoding, an unknown character set, a
     * truncated body.
     */
    @SuppressWarnings("removal") // Deprecated by Jetty, which still throws it.
    static boolean isCausedByRequest(Throwable e) {
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

    /** For most broken bodies only the stack trace shows that parsing failed. */
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
