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
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Creates the {@link ModelException} for each failure, with a message that says what to do. */
final class ModelExceptions {

    /** Bodies in exceptions are cut to this number of characters. */
    static final int MAX_BODY = 2_000;

    /** The characters that JSON texts begin with, if they are no words. */
    private static final Set<Character> BROKEN_JSON = Set.of('{', '[', '"');

    /** What errors without any content look like. */
    private static final Set<String> SAYS_NOTHING =
            Set.of("", "{}", "[]", "true", "{\"error\":{}}", "{\"error\":\"\"}");

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
     * @param done whether the server said that the stream ends
     * @param unexpected the content that is not an event; null for none
     */
    static ModelException incomplete(
            ModelEndpoint endpoint, StreamedResponse response, boolean done, @Nullable String unexpected) {
        if (unexpected == null) {
            return done
                    ? new ModelException(
                            Kind.SERVER,
                            endpoint.address() + " ended its response before it was complete",
                            response.status(),
                            null,
                            RetryAfter.of(response),
                            null)
                    : connectionLost(endpoint, response.status(), null);
        }
        var error = ProviderError.find(unexpected);
        if (error != null) {
            return errorEvent(endpoint, response, error);
        }
        var isPage = WebPage.is(unexpected);
        var isJson = BROKEN_JSON.contains(unexpected.charAt(0));
        // The text of a page says little, its title what a proxy reports.
        var reported = isJson ? "" : isPage ? WebPage.title(unexpected) : unexpected;
        var kind = ProviderError.kindOfText(reported, Kind.MALFORMED);
        if (kind == Kind.MALFORMED
                && (isJson || isOfType(response, "application/json") || isOfType(response, "text/html"))) {
            return noEvents(endpoint, response, unexpected);
        }
        return new ModelException(
                kind,
                endpoint.withoutSecrets(endpoint.address()
                        + " ended its response with content that is not an event, so that a proxy or another server may have"
                        + " responded instead: " + cut(WebPage.words(unexpected))),
                response.status(),
                shown(endpoint, unexpected),
                RetryAfter.of(response),
                null);
    }

    static ModelException unreadable(ModelEndpoint endpoint, int status, IOException cause) {
        return new ModelException(
                Kind.MALFORMED,
                "Cannot read the response of " + endpoint.address() + ": " + PlainText.message(cause),
                status,
                null,
                null,
                cause);
    }

    /** An event is not JSON: it is broken, or an error in words. */
    static ModelException notJson(
            ModelEndpoint endpoint, StreamedResponse response, EventReader event, JsonProcessingException cause) {
        var text = new String(event.data(), 0, Math.min(event.length(), MAX_BYTES_READ), StandardCharsets.UTF_8);
        var isError = event.name().equals("error");
        if (isError || !BROKEN_JSON.contains(text.isBlank() ? '"' : text.strip().charAt(0))) {
            return text(endpoint, response, text, isError);
        }
        // Without Jackson's exception as the cause: it quotes the text, which may contain a secret.
        return new ModelException(
                Kind.MALFORMED,
                endpoint.withoutSecrets(
                        "An event of " + endpoint.address() + " is not valid JSON: " + cause.getOriginalMessage()),
                response.status(),
                shown(endpoint, text),
                null,
                null);
    }

    /**
     * An event is only text.
     *
     * @param isError whether the event says that it is an error
     */
    static ModelException text(ModelEndpoint endpoint, StreamedResponse response, String text, boolean isError) {
        return new ModelException(
                ProviderError.kindOfText(
                        WebPage.is(text) ? WebPage.title(text) : text, isError ? Kind.SERVER : Kind.MALFORMED),
                endpoint.withoutSecrets(endpoint.address() + " sent text instead of JSON: " + cut(WebPage.words(text))),
                response.status(),
                shown(endpoint, text),
                RetryAfter.of(response),
                null);
    }

    /** Throws unless the status is a success. */
    static void throwUnlessSuccess(ModelEndpoint endpoint, StreamedResponse response) {
        var status = response.status();
        if (status >= 200 && status < 300) {
            return;
        }
        var body = beginning(response);
        var location = response.header("location");
        var reason = location != null && status < 400 ? "redirects to " + location : ProviderError.message(body);
        var error = ProviderError.find(body);
        var wait = RetryAfter.of(response);
        throw new ModelException(
                ModelException.kindOf(status),
                endpoint.address() + " responded with status " + status + hint(endpoint, status)
                        + (reason.isEmpty() ? "" : ": " + cut(endpoint.withoutSecrets(reason))),
                status,
                shown(endpoint, body),
                wait == null && error != null ? ProviderError.retryAfter(error) : wait,
                null);
    }

    /** A whole response is not the document that was asked for: a proxy's page, a text, or the document of another API. */
    static ModelException noDocument(ModelEndpoint endpoint, StreamedResponse response, byte[] body, String member) {
        var text = new String(body, 0, Math.min(body.length, MAX_BYTES_READ), StandardCharsets.UTF_8);
        var isJson = text.isBlank() || BROKEN_JSON.contains(text.strip().charAt(0));
        return new ModelException(
                isJson ? Kind.MALFORMED : ProviderError.kindOfText(WebPage.words(text), Kind.MALFORMED),
                endpoint.withoutSecrets(endpoint.address() + " responded without \"" + member + "\": check that "
                        + endpoint.urlSetting() + " is right; it says: " + cut(WebPage.words(text))),
                response.status(),
                shown(endpoint, text),
                RetryAfter.of(response),
                null);
    }

    private static ModelException noEvents(ModelEndpoint endpoint, StreamedResponse response, String body) {
        return new ModelException(
                Kind.MALFORMED,
                endpoint.withoutSecrets(endpoint.address() + " responded with " + response.header("content-type")
                        + " instead of events: check that " + endpoint.urlSetting()
                        + " is right, and that the server can"
                        + " stream; it says: " + cut(WebPage.words(body))),
                response.status(),
                shown(endpoint, body),
                null,
                null);
    }

    private static boolean isOfType(StreamedResponse response, String type) {
        var actual = response.header("content-type");
        return actual != null && actual.toLowerCase(Locale.ROOT).startsWith(type);
    }

    /** The server sent an error with a successful status. */
    static ModelException errorEvent(ModelEndpoint endpoint, StreamedResponse response, JsonNode error) {
        var body = shown(endpoint, error.isTextual() ? error.textValue() : error.toString());
        var message = ProviderError.message(error);
        var wait = ProviderError.retryAfter(error);
        return new ModelException(
                ProviderError.kind(error),
                endpoint.address() + " sent an error in the middle of its response: "
                        + (!message.isEmpty()
                                ? cut(endpoint.withoutSecrets(message))
                                : SAYS_NOTHING.contains(body) ? "it gave no reason" : body),
                ProviderError.status(error, response.status()),
                body,
                wait == null ? RetryAfter.of(response) : wait,
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
        return cut(endpoint.withoutSecrets(body).strip());
    }

    private static String cut(String text) {
        return text.length() <= MAX_BODY ? text : text.substring(0, MAX_BODY) + "...";
    }
}
