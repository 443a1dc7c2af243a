package dev.rein.cli.client;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The form fields of a request. Not thread-safe. */
final class FormBody {
    private final List<String> fields = new ArrayList<>();

    /** @param value the value; null to omit the field */
    FormBody with(String name, @Nullable String value) {
        if (value != null) {
            fields.add(name + "=" + OsClient.encoded(value));
        }
        return this;
    }

    String encoded() {
        return String.join("&", fields);
    }
}
