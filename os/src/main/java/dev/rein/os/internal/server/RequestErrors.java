package dev.rein.os.internal.server;

import dev.rein.os.ServerLimits;
import dev.rein.os.internal.route.FormReader;
import dev.rein.os.internal.route.Problem;
import java.io.EOFException;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.BadMessageException;
import org.jspecify.annotations.Nullable;

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
                    || cause instanceof IllegalCharsetNameException) {
                return true;
            }
        }
        return isFromParsing(e);
    }

    /** Whether a servlet container has found that the client has disconnected. By name: each container has a class of its own. */
    static boolean isDisconnect(Throwable e) {
        return e.getClass().getSimpleName().equals("ClientAbortException");
    }

    /** The time-out for which the request did not arrive in time; null if there was none. */
    static @Nullable TimeoutException timeout(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException timeout) {
                return timeout;
            }
        }
        return null;
    }

    /** The answer to a multipart form that Jetty or Tomcat refused as too large; null if it was not. Only messages and names tell. */
    static @Nullable Problem tooLarge(Throwable e, ServerLimits limits) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            var message = String.valueOf(cause.getMessage());
            if (message.startsWith("Form with too many")) {
                return FormReader.tooManyFields(limits);
            }
            var type = cause.getClass().getSimpleName();
            if (type.equals("FileCountLimitExceededException")) {
                return FormReader.tooManyFields(limits);
            }
            if (type.endsWith("SizeLimitExceededException")
                    || message.startsWith("max length exceeded")
                    || message.startsWith("max file size exceeded")) {
                return FormReader.tooLong(limits);
            }
        }
        return null;
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
