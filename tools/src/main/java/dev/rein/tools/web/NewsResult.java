package dev.rein.tools.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A news article in the result of a search, as the model receives it. Values that the service does not provide are empty.
 *
 * @param date in ISO 8601, if the service's format allows it
 * @param source the publisher
 * @param note a remark for the model; omitted if null
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
