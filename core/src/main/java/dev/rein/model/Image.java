package dev.rein.model;

import java.util.Base64;

/**
 * An image in the input of a model.
 *
 * @param url an http(s) address, or a {@code data:} URL that contains the image
 */
public record Image(String url) {
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
}
