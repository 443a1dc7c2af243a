package dev.rein.http;

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

    /** No response was received. */
    static ModelException unreachable(ModelEndpoint endpoint, Throwable cause) {
        var address = endpoint.address();
        var kind = Kind.CONNECTION;
        String message;
        if (cause instanceof HttpConnectTimeoutException) {
            message = "Connecting to " + address
                    + " took too long: check the host, the network and any firewall or proxy";
        } else if (cause instanceof HttpTimeoutException) {
            message = address + " did not respond in time";
        } else if (cause instanceof ConnectException) {
            message = "Cannot connect to " + address + ": check that the server is running, and that "
                    + endpoint.urlSetting() + " is right";
        } else if (cause instanceof SSLException) {
            message = "Cannot establish a secure connection to " + address + " (" + PlainText.message(cause)
                    + "): check the server's certificate, or use http:// for a server without TLS";
        } else if (cause instanceof ProtocolException) {
            kind = Kind.MALFORMED;
            message = address + " did not respond with HTTP (" + PlainText.message(cause) + "): check that "
                    + endpoint.urlSetting() + " is right";
        } else {
            // A server without TLS rejects the handshake, or closes the connection.
            message = address + " closed the connection before it responded (" + PlainText.message(cause) + ")"
                    + (endpoint.isSecure() ? ": use http:// if it is a server without TLS" : "");
        }
        return new ModelException(kind, endpoint.withoutSecrets(message), 0, null, null, cause);
    }

    /** The connection was lost before the response was complete. */
    static ModelException connectionLost(ModelEndpoint endpoint, int status, @Nullable IOException cause) {
        return new ModelException(
                Kind.CONNECTION,
                endpoint.address() + " closed the connection before its response was complete",
                status,
                null,
                null,
                cause);
    }

    /**
     * The stream ended regularly, but the response is not complete.
     *
     * @param unexpected the content that is not an event; null for none
     */
    static ModelException incomplete(ModelEndpoint endpoint, StreamedResponse response, @Nullable String unexpected) {
        if (unexpected == null) {
            return connectionLost(endpoint, response.status(), null);
        }
        var error = ProviderError.find(unexpected);
        if (error != null) {
            return errorEvent(endpoint, response.status(), error);
        }
        return isOfType(response, "application/json")
                ? noEvents(endpoint, response, unexpected)
                : new ModelException(
                        Kind.MALFORMED,
                        endpoint.address()
                                + " ended its response with content that is not an event: a proxy or another server may"
                                + " have responded instead",
                        response.status(),
                        shown(endpoint, unexpected),
                        null,
                        null);
    }

    static ModelException tooLarge(ModelEndpoint endpoint, int status, IOException cause) {
        return new ModelException(
                Kind.MALFORMED,
                "Cannot read the response of " + endpoint.address() + ": " + PlainText.message(cause),
                status,
                null,
                null,
                cause);
    }

    static ModelException notJson(
            ModelEndpoint endpoint, int status, byte[] data, int length, JsonProcessingException cause) {
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
    static void throwUnlessSuccess(ModelEndpoint endpoint, StreamedResponse response) {
        var status = response.status();
        if (status >= 200 && status < 300) {
            return;
        }
        var body = shown(endpoint, beginning(response));
        var location = response.header("location");
        var reason = location != null && status < 400 ? "redirects to " + location : ProviderError.message(body);
        throw new ModelException(
                ModelException.kindOf(status),
                endpoint.address() + " responded with status " + status + hint(endpoint, status)
                        + (reason.isEmpty() ? "" : ": " + reason),
                status,
                body,
                RetryAfter.of(response),
                null);
    }

    /** Throws if the response is a web page. No other type is refused: servers send streams with a wrong one, or without. */
    static void throwIfWebPage(ModelEndpoint endpoint, StreamedResponse response) {
        if (isOfType(response, "text/html")) {
            throw noEvents(endpoint, response, beginning(response));
        }
    }

    private static ModelException noEvents(ModelEndpoint endpoint, StreamedResponse response, String body) {
        return new ModelException(
                Kind.MALFORMED,
                endpoint.address() + " responded with " + response.header("content-type") + " instead of events: check"
                        + " that " + endpoint.urlSetting() + " is right"
                        + ", and that the server can stream",
                response.status(),
                shown(endpoint, body),
                null,
                null);
    }

    private static boolean isOfType(StreamedResponse response, String type) {
        var actual = response.header("content-type");
        return actual != null && actual.toLowerCase(Locale.ROOT).startsWith(type);
    }

    /** The server sent an error as an event of the stream. */
    static ModelException errorEvent(ModelEndpoint endpoint, int httpStatus, JsonNode error) {
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

    private static String hint(ModelEndpoint endpoint, int status) {
        return switch (status) {
            case 401 -> " (check " + endpoint.keySetting() + ")";
            case 404 -> " (check the model's id, and that " + endpoint.urlSetting() + " is right)";
            default -> "";
        };
    }

    private static String beginning(StreamedResponse response) {
        try {
            return new String(response.body().readNBytes(MAX_BYTES_READ), StandardCharsets.UTF_8);
        } catch (IOException e) {
            // The status is more important to report than this failure.
            return "";
        }
    }

    /** The body as exceptions show it: without secrets, and cut if it is long. */
    private static String shown(ModelEndpoint endpoint, String body) {
        var redacted = endpoint.withoutSecrets(body).strip();
        return redacted.length() <= MAX_BODY ? redacted : redacted.substring(0, MAX_BODY) + "...";
    }

    private static String text(byte[] data, int length) {
        return new String(data, 0, Math.min(length, MAX_BYTES_READ), StandardCharsets.UTF_8);
    }
}
