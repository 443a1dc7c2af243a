package dev.rein.tools;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A piece of news that was found, as the model reads it. What the service does not tell is an empty text.
 *
 * @param date ISO 8601 if the service tells it so that it can be
 * @param source who published it
 * @param note what the model has to know about it; null is left out
 */
record NewsResult(
        String date,
        String title,
        String body,
        String url,
        String image,
        String source,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String note) {
    NewsResult(String date, String title, String body, String url, String image, String source) {
        this(date, title, body, url, image, source, null);
    }
}
