package dev.rein.os.internal.route;

import dev.rein.os.ServerLimits;
import io.javalin.http.Context;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the text fields of a form, of which there may be a limited number. */
public final class FormReader {
    /** How much of a body that is too long is read to its end, in times of the limit. */
    private static final long SKIPPED = 4;

    private FormReader() {}

    /**
     * Returns the fields by name, in the order of the form. Fields that can't be decoded are left out.
     *
     * @throws Problem 413 if there are too many fields or the body is too long
     */
    static Map<String, List<String>> fields(Context http, ServerLimits limits) {
        if (http.isMultipartFormData()) {
            return parts(http, limits);
        }
        return fields(text(http, limits), charset(http), limits);
    }

    /**
     * Reads the body of a request as text.
     *
     * @throws Problem 413 if it is too long
     */
    static String text(Context http, ServerLimits limits) {
        var most = limits.bodyBytes();
        try {
            var in = http.bodyInputStream();
            var body = http.req().getContentLengthLong() > most ? null : in.readNBytes(most + 1);
            if (body == null || body.length > most) {
                skipRest(http, limits);
                throw tooLong(limits);
            }
            return new String(body, charset(http));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads what a client still sends of a body that is refused: otherwise it would find its connection broken instead of the
     * answer. A body far beyond the limit is not read to its end; then the connection is closed with the answer.
     */
    public static void skipRest(Context http, ServerLimits limits) {
        if (!isSkipped(http, SKIPPED * limits.bodyBytes())) {
            http.res().setHeader("Connection", "close");
        }
    }

    private static boolean isSkipped(Context http, long most) {
        try {
            var in = http.bodyInputStream();
            var buffer = new byte[8_192];
            for (var left = most; left > 0; ) {
                var read = in.read(buffer);
                if (read < 0) {
                    return true;
                }
                left -= read;
            }
        } catch (IOException | RuntimeException e) {
            // The client has disconnected, or sends too slowly; or the body can't be read any more.
        }
        return false;
    }

    private static Charset charset(Context http) {
        var name = http.characterEncoding();
        return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
    }

    private static Map<String, List<String>> fields(String body, Charset charset, ServerLimits limits) {
        var fields = new LinkedHashMap<String, List<String>>();
        var count = 0;
        for (var from = 0; from <= body.length(); ) {
            var to = body.indexOf('&', from);
            if (to < 0) {
                to = body.length();
            }
            if (to > from) {
                if (++count > limits.fields()) {
                    throw tooManyFields(limits);
                }
                var equals = body.indexOf('=', from);
                var nameEnd = equals < 0 || equals > to ? to : equals;
                var name = decoded(body.substring(from, nameEnd), charset);
                var value = decoded(nameEnd == to ? "" : body.substring(nameEnd + 1, to), charset);
                if (name != null && value != null) {
                    fields.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
                }
            }
            from = to + 1;
        }
        return fields;
    }

    private static @Nullable String decoded(String text, Charset charset) {
        try {
            return URLDecoder.decode(text, charset);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Map<String, List<String>> parts(Context http, ServerLimits limits) {
        var fields = new LinkedHashMap<String, List<String>>();
        // Sets how parts are stored, which is the same for texts.
        http.uploadedFiles();
        try {
            var parts = http.req().getParts();
            if (parts.size() > limits.fields()) {
                throw tooManyFields(limits);
            }
            for (var part : parts) {
                if (part.getSubmittedFileName() == null) {
                    fields.computeIfAbsent(part.getName(), _ -> new ArrayList<>())
                            .add(text(part));
                }
            }
            return fields;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ServletException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(Part part) throws IOException {
        try (var content = part.getInputStream()) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The answer to a form with too many fields. */
    public static Problem tooManyFields(ServerLimits limits) {
        return Problem.of(413, "A form may have at most " + limits.fields() + " fields");
    }

    /** The answer to a body that is too long. */
    public static Problem tooLong(ServerLimits limits) {
        return Problem.of(413, "The body of a request may have at most " + limits.bodyBytes() + " bytes");
    }
}
