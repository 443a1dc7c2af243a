package dev.rein.openai;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * The paths of Azure: that of its newer API is in the base URL, {@code /openai/v1}; that of the older one, which has versions in the query,
 * contains the deployment.
 */
final class AzurePath {

    private AzurePath() {}

    /** Whether requests below the base URL have a version in their query. */
    static boolean hasVersion(URI baseUrl) {
        return !path(baseUrl).endsWith("/openai/v1");
    }

    /** What is between the base URL and the path of a request: empty, or ends with a slash. */
    static String prefix(URI baseUrl, String model, boolean isResponsesApi) {
        if (!hasVersion(baseUrl)
                || path(baseUrl).contains("/openai/")
                || path(baseUrl).endsWith("/openai")) {
            return "";
        }
        // The responses API takes the deployment from the body.
        return isResponsesApi
                ? "openai/"
                : "openai/deployments/"
                        + URLEncoder.encode(model, StandardCharsets.UTF_8).replace("+", "%20") + "/";
    }

    private static String path(URI url) {
        return url.getRawPath() == null ? "" : url.getRawPath();
    }
}
