package dev.rein.model;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An image in the input of a model.
 *
 * @param url an http(s) address, or a {@code data:} URL that contains the image
 */
public record Image(String url) {
    private static final Pattern ESCAPE = Pattern.compile("%([0-9a-fA-F]{2})");

    public Image {
        if (!(url.startsWith("http://") || url.startsWith("https://") || url.startsWith("data:image/"))) {
            throw new IllegalArgumentException("image url starts with \"" + url.substring(0, Math.min(20, url.length()))
                    + "\": it must be an http(s) address or a data:image/ URL");
        }
    }

    /**
     * Returns an image that contains the given bytes.
     *
     * @param mimeType such as {@code image/png}
     */
    public static Image of(byte[] bytes, String mimeType) {
        return new Image("data:" + mimeType + ";base64," + Base64.getEncoder().encodeToString(bytes));
    }

    /** The type of an image that a {@code data:} URL contains, such as {@code image/png}; null for an address. */
    public @Nullable String mimeType() {
        if (!isData()) {
            return null;
        }
        var type = url.substring("data:".length(), comma());
        var end = type.indexOf(';');
        return end < 0 ? type : type.substring(0, end);
    }

    /** The bytes of an image that a {@code data:} URL contains, in Base64; null for an address. */
    public @Nullable String base64() {
        if (!isData()) {
            return null;
        }
        var content = url.substring(Math.min(url.length(), comma() + 1));
        return url.substring(0, comma()).endsWith(";base64") ? content : encoded(content);
    }

    private boolean isData() {
        return url.startsWith("data:");
    }

    private int comma() {
        var comma = url.indexOf(',');
        return comma < 0 ? url.length() : comma;
    }

    /** Base64 of text in which bytes may be written as {@code %xx}. */
    private static String encoded(String content) {
        var bytes = new ByteArrayOutputStream(content.length());
        for (var i = 0; i < content.length(); ) {
            var escape = ESCAPE.matcher(content).region(i, content.length());
            if (escape.lookingAt()) {
                bytes.write(HexFormat.fromHexDigits(escape.group(1)));
                i = escape.end();
            } else {
                var next = content.offsetByCodePoints(i, 1);
                bytes.writeBytes(content.substring(i, next).getBytes(StandardCharsets.UTF_8));
                i = next;
            }
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
