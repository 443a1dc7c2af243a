package dev.rein.openai.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.ModelException;
import dev.rein.model.ModelException.Kind;
import dev.rein.text.PlainText;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Creates the {@link ModelException} for each failure, with a message that says what to do. */
final class ModelExceptions {

    /** Bodies in exceptions are cut to this number of characters. */
    static final int MAX_BODY = 2_000;

    private static final int MAX_BYTES_READ = 64 << 10;

    private ModelExceptions() {}

    static ModelException noKey() {
        return new ModelException(
                Kind.AUTHENTICATION,
                "No API key is set: set the environment variable OPENAI_API_KEY or call apiKey(..) on the model's"
                        + " builder. For a server that needs no key, set OPENAI_BASE_URL or call baseUrl(..)");
    }

    /** No response was received. */
    static ModelException unreachable(Endpoint endpoint, Throwable cause) {
        var address = endpoint.address();
        var kind = Kind.CONNECTION;
        String message;
        if (cause instanceof HttpConnectTimeoutException) {
            message = "Connecting to " + address
                    + " took too long: check the host, the network and any firewall or proxy";
        } else if (cause instanceof HttpTimeoutException) {
            message = address + " did not respond in time";
        } else if (cause instanceof ConnectException) {
            message = "Cannot connect to " + address
                    + ": check that the server is running, and that OPENAI_BASE_URL or baseUrl(..) is right";
        } else if (cause instanceof SSLException) {
            message = "Cannot establish a secure connection to " + address + " (" + PlainText.message(cause)
                    + "): check the server's certificate, or use http:// for a server without TLS";
        } else if (cause instanceof ProtocolException) {
            kind = Kind.MALFORMED;
            message = address + " did not respond with HTTP (" + PlainText.message(cause)
                    + "): check that OPENAI_BASE_URL or baseUrl(..) is right";
        } else {
            // A server without TLS rejects the handshake, or closes the connection.
            message = address + " closed the connection before it responded (" + PlainText.message(cause) + ")"
                    + (endpoint.isSecure() ? ": use http:// if it is a server without TLS" : "");
        }
        return new ModelException(kind, endpoint.withoutSecrets(message), 0, null, null, cause);
    }

    /** The connection was lost before the response was complete. */
    static ModelException connectionLost(Endpoint endpoint, int status, @Nullable IOException cause) {
        return new ModelException(
                Kind.CONNECTION,
                endpoint.address() + " closed the connection before its response was complete",
                status,
                null,
                null,
                cause);
    }

    /** The stream ended regularly, but the response is not complete. */
    static ModelException incomplete(Endpoint endpoint, int status, @Nullable String invalidLine) {
        if (invalidLine == null) {
            return connectionLost(endpoint, status, null);
        }
        return new ModelException(
                Kind.MALFORMED,
                endpoint.address()
                        + " ended its response with content that is not an event: a proxy or another server may have"
                        + " responded instead",
                status,
                shown(endpoint, invalidLine),
                null,
                null);
    }

    static ModelException tooLarge(Endpoint endpoint, int status, IOException cause) {
        return new ModelException(
                Kind.MALFORMED,
                "Cannot read the response of " + endpoint.address() + ": " + PlainText.message(cause),
                status,
                null,
                null,
                cause);
    }

    static ModelException notJson(
            Endpoint endpoint, int status, byte[] data, int length, JsonProcessingException cause) {
        // Without Jackson's exception as the cause: it quotes the text, which may contain a secret.
        return new ModelException(
                Kind.MALFORMED,
                endpoint.withoutSecrets(
                        "An event of " + endpoint.address() + " is not valid JSON: " + cause.getOriginalMessage()),
                status,
                shown(endpoint, text(data, length)),
                null,
                null);
    }

    /** Throws unless the status is a success. */
    static void throwUnlessSuccess(Endpoint endpoint, StreamedHttpResponse response) {
        var status = response.statusCode();
        if (status >= 200 && status < 300) {
            return;
        }
        var body = shown(endpoint, beginning(response));
        var location = response.header("location");
        var reason = location != null && status < 400 ? "redirects to " + location : ProviderError.message(body);
        throw new ModelException(
                ModelException.kindOf(status),
                endpoint.address() + " responded with status " + status + hint(status)
                        + (reason.isEmpty() ? "" : ": " + reason),
                status,
                body,
                RetryAfter.of(response),
                null);
    }

    /** Throws if the response is a web page or a plain JSON document instead of a stream of events. */
    static void throwUnlessEvents(Endpoint endpoint, StreamedHttpResponse response) {
        var type = response.header("content-type");
        if (!isNoEventStream(type)) {
            return;
        }
        throw new ModelException(
                Kind.MALFORMED,
                endpoint.address() + " responded with " + type + " instead of events: check that OPENAI_BASE_URL or"
                        + " baseUrl(..) is right (it usually ends in /v1), and that the server can stream",
                response.statusCode(),
                shown(endpoint, beginning(response)),
                null,
                null);
    }

    /** True only for types that event streams never have: some servers send streams with a wrong type, or without one. */
    private static boolean isNoEventStream(@Nullable String type) {
        var lowerCase = type == null ? "" : type.toLowerCase(Locale.ROOT);
        return lowerCase.startsWith("text/html") || lowerCase.startsWith("application/json");
    }

    /** The server sent an error as an event of the stream. */
    static ModelException errorEvent(Endpoint endpoint, int httpStatus, JsonNode error) {
        var kind = ProviderError.kind(error);
        var body = shown(endpoint, error.toString());
        var message = ProviderError.message(error);
        return new ModelException(
                kind,
                endpoint.address() + " sent an error in the middle of its response: "
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

    private static String beginning(StreamedHttpResponse response) {
        try {
            return new String(response.body().readNBytes(MAX_BYTES_READ), StandardCharsets.UTF_8);
        } catch (IOException e) {
            // The status is more important to report than this failure.
            return "";
        }
    }

    /** The body as exceptions show it: without secrets, and cut if it is long. */
    private static String shown(Endpoint endpoint, String body) {
        var redacted = endpoint.withoutSecrets(body).strip();
        return redacted.length() <= MAX_BODY ? redacted : redacted.substring(0, MAX_BODY) + "...";
    }

    private static String text(byte[] data, int length) {
        return new String(data, 0, Math.min(length, MAX_BYTES_READ), StandardCharsets.UTF_8);
    }
}
