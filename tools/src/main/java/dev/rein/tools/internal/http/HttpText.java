package dev.rein.tools.internal.http;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/** Converts responses to text. */
public final class HttpText {
    private static final Pattern TEXT = Pattern.compile(
            "text/.*|.*[/+](json|xml)|application/(javascript|x-www-form-urlencoded|yaml|x-ndjson|sql|graphql)");
    private static final Pattern CHARSET = Pattern.compile("charset=\"?([^\";,\\s]+)");

    private HttpText() {}

    /** The body, decoded with the charset of its content type, and possibly truncated. */
    public static String body(HttpResponse<LimitedBody> response) {
        return new String(response.body().bytes(), charset(type(response)));
    }

    /** The response for a model: status, content type, URL if it differs from {@code requested}, and the body if it is text. */
    public static String describe(HttpResponse<LimitedBody> response, URI requested) {
        var type = type(response);
        var text = new StringBuilder("status ").append(response.statusCode());
        if (!type.isEmpty()) {
            text.append(", ").append(type);
        }
        if (!response.uri().equals(requested)) {
            text.append(", from ").append(response.uri());
        }
        response.headers()
                .firstValue("Location")
                .ifPresent(location -> text.append(", Location: ").append(location));
        text.append('\n');
        var body = response.body();
        var bytes = body.bytes();
        if (isText(type, bytes)) {
            text.append(new String(bytes, charset(type)));
            if (body.isTruncated()) {
                text.append("\n[truncated after the first ")
                        .append(bytes.length)
                        .append(" bytes]");
            }
        } else {
            text.append("[a binary body of ")
                    .append(body.isTruncated() ? "more than " : "")
                    .append(bytes.length)
                    .append(" bytes, not shown]");
        }
        return text.toString();
    }

    /** The content type with its parameters; empty if there is none. */
    public static String type(HttpResponse<?> response) {
        return response.headers().firstValue("Content-Type").orElse("");
    }

    private static boolean isText(String type, byte[] body) {
        var bare = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!bare.isEmpty()) {
            return TEXT.matcher(bare).matches() || body.length == 0;
        }
        for (var each : body) {
            if (each == 0) {
                return false;
            }
        }
        return true;
    }

    private static Charset charset(String type) {
        var named = CHARSET.matcher(type.toLowerCase(Locale.ROOT));
        try {
            return named.find() ? Charset.forName(named.group(1)) : StandardCharsets.UTF_8;
        } catch (IllegalArgumentException unknown) {
            return StandardCharsets.UTF_8;
        }
    }
}
