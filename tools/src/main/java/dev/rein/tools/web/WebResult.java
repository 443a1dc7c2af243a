package dev.rein.tools.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A page in the result of a search, as the model receives it.
 *
 * @param note a remark for the model; omitted if null
 */
record WebResult(
        String title,
        String href,
        String body,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String note) {
    WebResult(String title, String href, String body) {
        this(title, href, body, null);
    }
}
