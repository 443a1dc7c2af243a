package dev.rein.openai.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.ModelException;
import dev.rein.model.ModelException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Turns everything that goes wrong into a {@link ModelException} that says what to do. */
final class Failures {

    /** A message or body longer than this helps nobody. */
    static final int LONGEST_BODY = 2_000;

    private static final int MOST_BYTES_READ = 64 << 10;

    private Failures() {}

    static ModelException noKey() {
        return new ModelException(
                Kind.AUTHENTICATION,
                "No API key is set: set the environment variable OPENAI_API_KEY or call apiKey(..) on the model's builder. For a"
                        + " server that needs no key set OPENAI_BASE_URL or call baseUrl(..)");
    }

    /** Nothing was answered. */
    static ModelException unreachable(Endpoint endpoint, Throwable cause) {
        var address = endpoint.address();
        var kind = Kind.CONNECTION;
        String message;
        if (cause instanceof HttpConnectTimeoutException) {
            message = "Connecting to " + address
                    + " took too long: check the host, the network and any firewall or proxy";
        } else if (cause instanceof HttpTimeoutException) {
            message = address + " did not answer in time";
        } else if (cause instanceof ConnectException) {
            message = "Cannot connect to " + address
                    + ": check that the server is running, and that OPENAI_BASE_URL or baseUrl(..) is right";
        } else if (cause instanceof SSLException) {
            message = "No secure connection to " + address + " (" + cause.getMessage()
                    + "): check the server's certificate, or use http:// for a server without TLS";
        } else if (cause instanceof ProtocolException) {
            kind = Kind.MALFORMED;
            message = address + " did not answer in HTTP (" + cause.getMessage()
                    + "): check that OPENAI_BASE_URL or baseUrl(..) is right";
        } else {
            // A server without TLS answers something else to the greeting, or hangs up on it.
            message = address + " broke the connection off before it answered (" + cause.getMessage() + ")"
                    + (endpoint.isSecure() ? ": use http:// if it is a server without TLS" : "");
        }
        return new ModelException(kind, endpoint.withoutSecrets(message), 0, null, null, cause);
    }

    /** The stream ended before the answer did. */
    static ModelException cut(Endpoint endpoint, int status, @Nullable IOException cause) {
        return new ModelException(
                Kind.CONNECTION,
                endpoint.address() + " broke off in the middle of its answer",
                status,
                null,
                null,
                cause);
    }

    /** The stream ended in good order, but the answer did not. */
    static ModelException unfinished(Endpoint endpoint, int status, @Nullable String foreignLine) {
        if (foreignLine == null) {
            return cut(endpoint, status, null);
        }
        return new ModelException(
                Kind.MALFORMED,
                endpoint.address()
                        + " ended its answer with something that is no event: a proxy or another server may have"
                        + " answered in its place",
                status,
                readable(endpoint, foreignLine),
                null,
                null);
    }

    static ModelException tooLarge(Endpoint endpoint, int status, IOException cause) {
        return new ModelException(
                Kind.MALFORMED,
                "The answer of " + endpoint.address() + " can't be read: " + cause.getMessage(),
                status,
                null,
                null,
                cause);
    }

    static ModelException notJson(
            Endpoint endpoint, int status, byte[] data, int length, JsonProcessingException cause) {
        // Jackson quotes what it could not read, so its exception is not passed on: it may quote a secret.
        return new ModelException(
                Kind.MALFORMED,
                endpoint.withoutSecrets(
                        "An event of " + endpoint.address() + " is not valid JSON: " + cause.getOriginalMessage()),
                status,
                readable(endpoint, text(data, length)),
                null,
                null);
    }

    /** The server answered, and refused. */
    static void throwUnlessGood(Endpoint endpoint, Body answer) {
        var status = answer.statusCode();
        if (status >= 200 && status < 300) {
            return;
        }
        var body = readable(endpoint, start(answer));
        var location = answer.header("location");
        var reason = location != null && status < 400 ? "redirects to " + location : ProviderError.message(body);
        throw new ModelException(
                ModelException.kindOf(status),
                endpoint.address() + " answered " + status + hint(status) + (reason.isEmpty() ? "" : ": " + reason),
                status,
                body,
                RetryAfter.of(answer),
                null);
    }

    /** Something else answered than a model server that can stream. */
    static void throwUnlessEvents(Endpoint endpoint, Body answer) {
        var type = answer.header("content-type");
        if (!isSomethingElse(type)) {
            return;
        }
        throw new ModelException(
                Kind.MALFORMED,
                endpoint.address() + " answered with " + type + " instead of events: check that OPENAI_BASE_URL or"
                        + " baseUrl(..) is right (it mostly ends in /v1), and that the server can stream",
                answer.statusCode(),
                readable(endpoint, start(answer)),
                null,
                null);
    }

    /** Types that event streams surely do not have; some servers send streams with an odd type, or none. */
    private static boolean isSomethingElse(@Nullable String type) {
        var known = type == null ? "" : type.toLowerCase(Locale.ROOT);
        return known.startsWith("text/html") || known.startsWith("application/json");
    }

    /** An error that came as an event in the stream. */
    static ModelException event(Endpoint endpoint, int httpStatus, JsonNode error) {
        var kind = ProviderError.kind(error);
        var body = readable(endpoint, error.toString());
        var message = ProviderError.message(error);
        return new ModelException(
                kind,
                endpoint.address() + " failed in the middle of its answer: "
                        + (message.isEmpty() ? body : endpoint.withoutSecrets(message)),
                ProviderError.status(error, httpStatus),
                body,
                null,
                null);
    }

    private static String hint(int status) {
        return switch (status) {
            case 401 -> " (check OPENAI_API_KEY or apiKey(..))";
            case 404 -> " (check the model's id, and that OPENAI_BASE_URL or baseUrl(..) is right)";
            default -> "";
        };
    }

    private static String start(Body answer) {
        try {
            return new String(answer.body().readNBytes(MOST_BYTES_READ), StandardCharsets.UTF_8);
        } catch (IOException e) {
            // The status is known, and says more than that its text was cut off.
            return "";
        }
    }

    private static String readable(Endpoint endpoint, String body) {
        var clean = endpoint.withoutSecrets(body).strip();
        return clean.length() <= LONGEST_BODY ? clean : clean.substring(0, LONGEST_BODY) + "...";
    }

    private static String text(byte[] data, int length) {
        return new String(data, 0, Math.min(length, MOST_BYTES_READ), StandardCharsets.UTF_8);
    }
}
