package dev.rein.tools.internal.oauth;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an MCP server says when it refuses a request for want of a token, in {@code WWW-Authenticate}. Immutable.
 *
 * @param resourceMetadata the address of its metadata; null if it says none
 * @param scope that it demands; null if it says none
 * @param error such as {@code invalid_token} or {@code insufficient_scope}; null for none
 */
public record Challenge(
        @Nullable String resourceMetadata,
        @Nullable String scope,
        @Nullable String error) {
    private static final Pattern PARAMETER =
            Pattern.compile("([A-Za-z_]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s,\"]+))");
    private static final int MAX_LENGTH = 8_192;

    /** Nothing is known. */
    public static final Challenge NONE = new Challenge(null, null, null);

    /** @param headers the values of {@code WWW-Authenticate} */
    public static Challenge of(List<String> headers) {
        for (var header : headers) {
            if (header.toLowerCase(Locale.ROOT).contains("bearer") && header.length() <= MAX_LENGTH) {
                var found = parameters(header);
                return new Challenge(found.get("resource_metadata"), found.get("scope"), found.get("error"));
            }
        }
        return NONE;
    }

    private static Map<String, String> parameters(String header) {
        var found = new LinkedHashMap<String, String>();
        var matcher = PARAMETER.matcher(header);
        while (matcher.find()) {
            var quoted = matcher.group(2);
            found.putIfAbsent(
                    matcher.group(1).toLowerCase(Locale.ROOT),
                    quoted != null ? quoted.replaceAll("\\\\(.)", "$1") : matcher.group(3));
        }
        return found;
    }

    /** Whether another token of the same scope would not help. */
    public boolean wantsMoreScope() {
        return "insufficient_scope".equals(error);
    }
}
