package dev.rein.store;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.postgresql.Driver;

/** PgBouncer in front of a database of the tests, if it is installed. */
final class PgBouncer implements AutoCloseable {
    private final Process process;
    private final String url;

    private PgBouncer(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    /** The program; empty if it is not installed. */
    static Optional<Path> program() {
        var folders = Stream.concat(
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":")),
                Stream.of("/usr/sbin", "/usr/local/bin"));
        return folders.map(folder -> Path.of(folder, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts it.
     *
     * @param databaseUrl the database behind it
     * @param mode the pool mode, such as {@code transaction}
     */
    static PgBouncer start(Path folder, String databaseUrl, String mode) throws Exception {
        var target = Driver.parseURL(databaseUrl, null);
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var users = Files.writeString(folder.resolve("users"), "\"postgres\" \"postgres\"\n");
        var config = Files.writeString(folder.resolve("pgbouncer.ini"), """
            [databases]
            pooled = host=%s port=%s dbname=%s
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = %d
            auth_type = trust
            auth_file = %s
            pool_mode = %s
            default_pool_size = 5
            ignore_startup_parameters = extra_float_digits
            unix_socket_dir =
            """.formatted(
                        target.getProperty("PGHOST"),
                        target.getProperty("PGPORT"),
                        target.getProperty("PGDBNAME"),
                        port,
                        users,
                        mode));
        // It refuses to run as root, and reads its files as the other user.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-r--r--"));
        var command = new ArrayList<>(List.of(program().orElseThrow().toString()));
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("-u", "nobody"));
        }
        command.add(config.toString());
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        var bouncer = new PgBouncer(process, "jdbc:postgresql://127.0.0.1:" + port + "/pooled");
        bouncer.awaitPort(port, folder);
        return bouncer;
    }

    private void awaitPort(int port, Path folder) throws Exception {
        for (var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30); ; ) {
            try (var _ = new Socket("127.0.0.1", port)) {
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IllegalStateException(Files.readString(folder.resolve("log")), e);
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    String url() {
        return url;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
