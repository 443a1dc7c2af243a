package dev.rein.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rein.cli.Cli;
import dev.rein.cli.ReinProcess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code rein serve} with a real PostgreSQL that requires a password. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class ServePostgresTest {
    private static final Pattern URL = Pattern.compile("listens on (http://localhost:\\d+)");
    private static final String PASSWORD = "p w&d/%";
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path scratch;

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void start() throws Exception {
        var access = Files.writeString(
                scratch.resolve("pg_hba.conf"), "host all postgres all trust\nhost all all all scram-sha-256\n");
        postgres = EmbeddedPostgres.builder()
                .setServerConfig("hba_file", access.toString())
                .start();
        try (var connection = DriverManager.getConnection(postgres.getJdbcUrl("postgres", "postgres"));
                var statement = connection.createStatement()) {
            statement.execute("create role odile login password '" + PASSWORD + "'");
            statement.execute("create database rein owner odile");
        }
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    private static String url() {
        return "jdbc:postgresql://localhost:" + postgres.getPort() + "/rein";
    }

    private static String listeners() throws SQLException {
        try (var connection = DriverManager.getConnection(postgres.getJdbcUrl("postgres", "postgres"));
                var statement = connection.createStatement();
                var row = statement.executeQuery("select count(*) from pg_stat_activity"
                        + " where application_name = 'rein listening' and usename = 'odile'")) {
            row.next();
            return row.getString(1);
        }
    }

    private static ReinProcess serve(Map<String, String> environment, String... database) throws IOException {
        var arguments =
                new ArrayList<>(List.of("serve", "--port", "0", "--offline-pace", "1000000", "--no-access-log"));
        arguments.addAll(List.of(database));
        return ReinProcess.rein(scratch, environment, arguments.toArray(String[]::new));
    }

    private static String address(ReinProcess server) {
        var url = URL.matcher(server.awaitOut("Ctrl-C"));
        assertThat(url.find()).isTrue();
        return url.group(1);
    }

    private static JsonNode call(HttpRequest.Builder request) throws IOException, InterruptedException {
        return JSON.readTree(HTTP.send(request.build(), BodyHandlers.ofString()).body());
    }

    private static JsonNode run(String address) throws IOException, InterruptedException {
        return call(HttpRequest.newBuilder(URI.create(address + "/agents/writing-agent/runs"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("message=a+story&stream=false&session_id=s")));
    }

    private static List<String> runs(String address) throws IOException, InterruptedException {
        return call(HttpRequest.newBuilder(URI.create(address + "/sessions/s/runs")))
                .findValuesAsText("run_id");
    }

    @Test
    void runsAreFoundAgainAfterARestartHoweverTheUserIsNamed() throws Exception {
        String first;
        try (var server = serve(Map.of("REIN_DB_USER", "odile", "REIN_DB_PASSWORD", PASSWORD), "--db", url())) {
            var address = address(server);
            assertThat(server.out()).contains("PostgreSQL at //localhost:" + postgres.getPort() + "/rein");
            first = run(address).path("run_id").asText();
            assertThat(runs(address)).contains(first);
            server.signal("TERM");
            server.await();
        }
        var withUser = url() + "?user=odile&password=p+w%26d%2F%25";
        try (var server = serve(Map.of("REIN_DB_USER", "", "REIN_DB_PASSWORD", ""), "--db", withUser)) {
            var address = address(server);
            assertThat(runs(address)).contains(first);
            assertThat(run(address).path("status").asText()).isEqualTo("COMPLETED");
            assertThat(server.out()).doesNotContain("odile", "p+w");
            await("the connection that hears of stops from elsewhere").until(ServePostgresTest::listeners, "1"::equals);
            server.signal("TERM");
            server.await();
            assertThat(server.err()).isEmpty();
        }
    }

    private static String refused(String url, String... more) {
        var arguments = new ArrayList<>(List.of("serve", "--port", "0", "--db", url));
        arguments.addAll(List.of(more));
        var result = Cli.run(arguments.toArray(String[]::new));
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.err()).doesNotContain("secret");
        return result.err();
    }

    @Test
    void databaseErrorsAreReported() {
        assertThat(refused(url(), "--db-user", "odile", "--db-password", "secret"))
                .contains(url().substring("jdbc:postgresql:".length()), "password authentication failed", "odile");
        assertThat(refused(url() + "x", "--db-user", "odile", "--db-password", PASSWORD))
                .contains("database \"reinx\" does not exist");
        assertThat(refused("jdbc:postgresql://no-such-host.invalid/rein"))
                .contains("there is no host no-such-host.invalid");
        assertThat(refused("jdbc:postgresql://odile:secret@localhost/rein")).contains("?user=..&password=..");
        assertThat(refused("postgresql://odile:secret@localhost/rein"))
                .contains("postgresql://", "jdbc:postgresql://HOST/DATABASE");
    }
}
