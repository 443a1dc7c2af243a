package dev.rein.tools;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the builders of toolkits that ask one service have in common. Not thread-safe. */
abstract class ServiceBuilder<B> {
    private final HttpSettings http = new HttpSettings(Duration.ofSeconds(20), 1 << 21);
    private String userAgent = "Mozilla/5.0 (compatible; rein)";
    private @Nullable String baseUrl;

    ServiceBuilder() {}

    abstract B self();

    /**
     * The server that is asked instead of the service's own, such as a mirror, a proxy or one for tests.
     *
     * @throws IllegalArgumentException if it is no http or https URL, or has user info, a query or a fragment
     */
    public B baseUrl(String url) {
        baseUrl = checked(url);
        return self();
    }

    /** How long one request may take with its body, from its start; 20 s unless given. */
    public B timeout(Duration value) {
        http.timeout(value);
        return self();
    }

    /**
     * How long a connection may take to be opened; 10 s unless given. A toolkit with another value has an HTTP client of
     * its own. Of no effect with {@link #client}.
     */
    public B connectTimeout(Duration value) {
        http.connectTimeout(value);
        return self();
    }

    /** How many bytes an answer may have; a longer one is an error. 2,097,152 unless given. */
    public B bodyLimit(int bytes) {
        http.bodyLimit(bytes);
        return self();
    }

    /** The {@code User-Agent} of the requests; {@code Mozilla/5.0 (compatible; rein)} unless given. */
    public B userAgent(String value) {
        userAgent = HttpRequest.newBuilder(URI.create("http://localhost"))
                .setHeader("User-Agent", value)
                .build()
                .headers()
                .firstValue("User-Agent")
                .orElseThrow();
        return self();
    }

    /** The client that makes the requests, for one with a proxy or certificates of its own. It must not follow redirects. */
    public B client(HttpClient value) {
        http.client(value);
        return self();
    }

    String base(String unlessGiven) {
        return baseUrl != null ? baseUrl : unlessGiven;
    }

    WebService service(String wayOut) {
        // The address is the developer's choice, so it may be a private one; redirects are not followed.
        return new WebService(http.fetch(new HttpTargets(true, List.of())), userAgent, wayOut);
    }

    /** The URL without slashes at its end. */
    static String checked(String url) {
        try {
            var uri = new URI(url.strip());
            if (uri.getScheme() != null
                    && Set.of("http", "https").contains(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null) {
                return uri.toString().replaceAll("/+$", "");
            }
        } catch (URISyntaxException notOne) {
            // Told below.
        }
        throw new IllegalArgumentException("the base URL is \"" + url.replaceAll("//[^/]*@", "//...@")
                + "\": give one such as https://search.example.org, without user info, query and fragment");
    }
}
