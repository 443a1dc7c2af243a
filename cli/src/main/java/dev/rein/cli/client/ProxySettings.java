package dev.rein.cli.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP proxy between a command and its server, from the variables that other programs use: {@code HTTPS_PROXY} or {@code HTTP_PROXY} by
 * the scheme of the URL, then {@code ALL_PROXY}, unless {@code NO_PROXY} lists the host. Names in lower case take precedence. This machine is
 * never reached through a proxy.
 *
 * @param variable the variable that names the proxy
 * @param address the proxy
 * @param authorization the value of {@code Proxy-Authorization}; null for none
 */
record ProxySettings(String variable, URI address, @Nullable String authorization) {
    private static final int DEFAULT_PORT = 80;

    /**
     * @return null if the server is reached directly
     * @throws IllegalArgumentException if the variable is not the URL of an HTTP proxy
     */
    static @Nullable ProxySettings of(URI server, Map<String, String> environment) {
        var host = server.getHost().toLowerCase(Locale.ROOT);
        if (isLocal(host) || isExcluded(host, server.getPort(), first(environment, "no_proxy"))) {
            return null;
        }
        for (var name : List.of(server.getScheme().toLowerCase(Locale.ROOT) + "_proxy", "all_proxy")) {
            var value = first(environment, name);
            if (value != null) {
                return parse(name.toUpperCase(Locale.ROOT), value);
            }
        }
        return null;
    }

    private static ProxySettings parse(String variable, String value) {
        try {
            var address = URI.create(value.contains("://") ? value : "http://" + value);
            if (address.getHost() != null && "http".equalsIgnoreCase(address.getScheme())) {
                var user = address.getRawUserInfo();
                return new ProxySettings(variable, address, user == null ? null : basic(user));
            }
        } catch (IllegalArgumentException e) {
            // Reported below, without the password that the value may have.
        }
        throw new IllegalArgumentException(
                variable + " is not the URL of an HTTP proxy: use a form such as http://proxy.example.org:3128");
    }

    private static String basic(String rawUser) {
        var user = URLDecoder.decode(rawUser.replace("+", "%2B"), StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable String first(Map<String, String> environment, String name) {
        var lower = environment.get(name);
        var value = lower != null ? lower : environment.get(name.toUpperCase(Locale.ROOT));
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static boolean isLocal(String host) {
        if (host.equals("localhost") || host.endsWith(".localhost")) {
            return true;
        }
        var address = isAddress(host) ? address(host) : null;
        return address != null && address.isLoopbackAddress();
    }

    private static boolean isAddress(String host) {
        return host.startsWith("[") || host.chars().allMatch(each -> each == '.' || Character.isDigit(each));
    }

    /** Without a lookup, as the host is an address. */
    private static @Nullable InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static boolean isExcluded(String host, int port, @Nullable String list) {
        if (list == null) {
            return false;
        }
        for (var each : list.toLowerCase(Locale.ROOT).split(",")) {
            var entry = each.strip();
            var colon = entry.lastIndexOf(':');
            if (colon > 0 && entry.indexOf(':') == colon) {
                if (!entry.substring(colon + 1).equals(String.valueOf(port))) {
                    continue;
                }
                entry = entry.substring(0, colon);
            }
            var domain =
                    entry.startsWith("*.") ? entry.substring(2) : entry.startsWith(".") ? entry.substring(1) : entry;
            if (entry.equals("*")
                    || (!domain.isEmpty() && (host.equals(domain) || host.endsWith("." + domain)))
                    || host.equals("[" + entry + "]")) {
                return true;
            }
        }
        return false;
    }

    /** The proxy for messages, without user and password. */
    String shown() {
        return "http://" + address.getHost() + ":" + port();
    }

    private int port() {
        return address.getPort() < 0 ? DEFAULT_PORT : address.getPort();
    }

    ProxySelector selector() {
        return ProxySelector.of(new InetSocketAddress(address.getHost(), port()));
    }

    /** Reaches every server directly, whatever the JVM's settings. */
    static ProxySelector none() {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                return List.of(Proxy.NO_PROXY);
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
        };
    }
}
