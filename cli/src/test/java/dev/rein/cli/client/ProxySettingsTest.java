package dev.rein.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxySettingsTest {
    private static @Nullable ProxySettings of(String server, String... variables) {
        return ProxySettings.of(
                URI.create(server),
                variables.length == 2
                        ? Map.of(variables[0], variables[1])
                        : Map.of(variables[0], variables[1], variables[2], variables[3]));
    }

    private static String shown(String server, String... variables) {
        return Objects.requireNonNull(of(server, variables)).shown();
    }

    @Test
    void theVariableIsChosenByTheScheme() {
        assertThat(shown("http://a", "HTTP_PROXY", "http://p:1")).isEqualTo("http://p:1");
        assertThat(shown("https://a", "HTTPS_PROXY", "p")).isEqualTo("http://p:80");
        assertThat(shown("https://a", "ALL_PROXY", "http://p:1/")).isEqualTo("http://p:1");
        assertThat(shown("http://a", "HTTP_PROXY", "upper:1", "http_proxy", "lower:1"))
                .isEqualTo("http://lower:1");
        assertThat(of("https://a", "HTTP_PROXY", "http://p:1")).isNull();
        assertThat(of("http://a", "HTTP_PROXY", " ")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:7777",
                "http://127.0.0.1",
                "http://[::1]:7777",
                "http://127.9.9.9",
                "http://a.localhost"
            })
    void thisMachineIsReachedDirectly(String url) {
        assertThat(of(url, "HTTP_PROXY", "http://p:1")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://os.example.org:81 | example.org",
                "http://os.example.org:81 | .example.org",
                "http://os.example.org:81 | *.example.org",
                "http://os.example.org:81 | a, OS.Example.ORG ,b",
                "http://os.example.org:81 | *",
                "http://os.example.org:81 | os.example.org:81",
                "http://10.0.0.1 | 10.0.0.1",
                "http://[fd00::1] | fd00::1"
            })
    void noProxyExceptsHosts(String url, String list) {
        assertThat(of(url, "HTTP_PROXY", "http://p:1", "NO_PROXY", list)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://evilexample.org | example.org",
                "http://example.org | os.example.org",
                "http://os.example.org:81 | os.example.org:82",
                "http://os.example.org | ,"
            })
    void noProxyExceptsNoOthers(String url, String list) {
        assertThat(of(url, "HTTP_PROXY", "http://p:1", "NO_PROXY", list)).isNotNull();
    }
}
