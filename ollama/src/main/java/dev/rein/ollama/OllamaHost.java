package dev.rein.ollama;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The address of a server, in the forms of the variable {@code OLLAMA_HOST}: {@code host}, {@code host:port}, {@code :port}, or a URL. */
final class OllamaHost {

    static final String DEFAULT = "http://localhost:11434";

    private static final String CLOUD = "ollama.com";
    private static final int DEFAULT_PORT = 11434;

    private OllamaHost() {}

    /** @param host null for the default */
    static String url(@Nullable String host) {
        if (host == null) {
            return DEFAULT;
        }
        if (host.contains("://")) {
            return reachable(baseUrl(host));
        }
        return host.equals(CLOUD) ? "https://" + CLOUD : reachable("http://" + withPort(host));
    }

    /** @throws IllegalArgumentException if it is the base URL of the server's OpenAI-compatible API */
    static String baseUrl(String url) {
        var end = url.strip();
        while (end.endsWith("/")) {
            end = end.substring(0, end.length() - 1);
        }
        if (end.endsWith("/v1") || end.endsWith("/api")) {
            throw new IllegalArgumentException(
                    "the base URL \"" + url + "\" has the path of one of Ollama's APIs: leave out "
                            + end.substring(end.lastIndexOf('/')) + ", as in " + DEFAULT);
        }
        return end;
    }

    static boolean isCloud(URI url) {
        return url.getHost().equals(CLOUD) || url.getHost().endsWith("." + CLOUD);
    }

    /** Adds host and port where they are missing, and the brackets of an IPv6 address. */
    private static String withPort(String host) {
        var slash = host.indexOf('/');
        var end = slash < 0 ? host.length() : slash;
        var address = host.substring(0, end);
        if (address.chars().filter(c -> c == ':').count() > 1 && !address.startsWith("[")) {
            address = "[" + address + "]";
        } else if (address.startsWith(":")) {
            address = "localhost" + address;
        }
        var hasPort = address.lastIndexOf(':') > address.lastIndexOf(']');
        return (hasPort ? address : address + ":" + DEFAULT_PORT) + host.substring(end);
    }

    /** Servers listen on these addresses; clients need another one. */
    private static String reachable(String url) {
        return url.replaceFirst("//0\\.0\\.0\\.0(?=[:/]|$)", "//127.0.0.1")
                .replaceFirst("//\\[::](?=[:/]|$)", "//[::1]");
    }
}
