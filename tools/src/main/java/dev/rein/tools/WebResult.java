package dev.rein.tools;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A page that was found, as the model reads it.
 *
 * @param note what the model has to know about it; null is left out
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
