package dev.rein.tools.web;

import dev.rein.tools.internal.http.HttpSettings;
import dev.rein.tools.internal.http.HttpTargets;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings common to the builders of toolkits that call one web service. Not thread-safe. */
abstract class ServiceBuilder<B> {
    private final HttpSettings http = new HttpSettings(Duration.ofSeconds(20), 1 << 21);
    private String userAgent = "Mozilla/5.0 (compatible; rein)";
    private @Nullable String baseUrl;

    ServiceBuilder() {}

    abstract B self();

    /**
     * The URL of a server to use instead of the service's own, such as a mirror, a proxy or a test server.
     *
     * @throws IllegalArgumentException if it is not an http or https URL, or contains user info, a query or a fragment
     */
    public B baseUrl(String url) {
        baseUrl = checked(url);
        return self();
    }

    /** The timeout of a request, including its body. Default: 20 s. */
    public B timeout(Duration value) {
        http.timeout(value);
        return self();
    }

    /**
     * The timeout for connecting. Default: 10 s. Toolkits with any other value have an HTTP client of their own. Has no effect if {@link
     * #client} is set.
     */
    public B connectTimeout(Duration value) {
        http.connectTimeout(value);
        return self();
    }

    /** Maximum size of a response in bytes; larger responses are errors. Default: 2,097,152. */
    public B bodyLimit(int bytes) {
        http.bodyLimit(bytes);
        return self();
    }

    /** The {@code User-Agent} of the requests. Default: {@code Mozilla/5.0 (compatible; rein)}. */
    public B userAgent(String value) {
        userAgent = HttpRequest.newBuilder(URI.create("http://localhost"))
                .setHeader("User-Agent", value)
                .build()
                .headers()
                .firstValue("User-Agent")
                .orElseThrow();
        return self();
    }

    /** A custom HTTP client, for example with a proxy or certificates. It must not follow redirects itself. */
    public B client(HttpClient value) {
        http.client(value);
        return self();
    }

    String baseUrlOr(String defaultUrl) {
        return baseUrl != null ? baseUrl : defaultUrl;
    }

    WebService service(String offlineAlternative) {
        // Private addresses are allowed, because the developer has chosen the URL and redirects are not followed.
        return new WebService(http.fetch(new HttpTargets(true, List.of())), userAgent, offlineAlternative);
    }

    /** Validates a URL and removes slashes at its end. */
    static String checked(String url) {
        try {
            var uri = new URI(url.strip());
            if (uri.getScheme() != null
                    && Set.of("http", "https").contains(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null) {
                var text = uri.toString();
                var end = text.length();
                while (text.charAt(end - 1) == '/') {
                    end--;
                }
                return text.substring(0, end);
            }
        } catch (URISyntaxException invalid) {
            // Reported below.
        }
        throw new IllegalArgumentException("the base URL is \"" + url.replaceAll("//[^/]*@", "//...@")
                + "\": use a URL such as https://search.example.org, without user info, query and fragment");
    }
}
