package dev.rein.bench.os;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** {@link ServerMain} as a child of this process. */
final class ServerProcess implements AutoCloseable {
    private static final Path PROC = Path.of("/proc");
    private static final String RSS = "VmRSS:";

    private final Process process;
    private final BufferedReader output;
    private final BufferedWriter input;
    private final URI url;
    private final Path folder;
    private final Thread killer;

    private ServerProcess(Process process, BufferedReader output, URI url, Path folder) {
        this.process = process;
        this.output = output;
        this.input = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.url = url;
        this.folder = folder;
        this.killer = new Thread(process::destroyForcibly, "bench-server-killer");
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /** @param kind {@code agentos} or {@code bare} */
    static ServerProcess start(String kind, URI provider) throws IOException {
        var folder = Files.createTempDirectory("rein-bench");
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseG1GC",
                        // As ./rein serve begins.
                        "-Xms32m",
                        // The models of Rein ask for it: the bare server must not differ in it.
                        "-Djdk.httpclient.bufsize=2048",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServerMain.class.getName(),
                        kind,
                        folder.resolve("rein.db").toString(),
                        provider.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var said = new ArrayList<String>();
        for (var line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(ServerMain.READY)) {
                return new ServerProcess(
                        process, output, URI.create(line.substring(ServerMain.READY.length())), folder);
            }
            said.add(line);
        }
        process.destroyForcibly();
        throw new IOException("the server's process ended before it listened: " + String.join("\n", said));
    }

    String host() {
        return url.getHost();
    }

    int port() {
        return url.getPort();
    }

    /** Live heap, in bytes. */
    long heap() throws IOException {
        input.write("heap\n");
        input.flush();
        for (var line = output.readLine(); line != null; line = output.readLine()) {
            if (line.chars().allMatch(Character::isDigit)) {
                return Long.parseLong(line);
            }
        }
        throw new IOException("the server's process has ended");
    }

    /** Memory that is resident, in KiB; null where the system does not tell. */
    @Nullable
    Long rss() throws IOException {
        var status = PROC.resolve(String.valueOf(process.pid())).resolve("status");
        if (!Files.isReadable(status)) {
            return null;
        }
        for (var line : Files.readAllLines(status)) {
            if (line.startsWith(RSS)) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return null;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
            try (var files = Files.list(folder)) {
                for (var file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | IllegalStateException e) {
            // A temporary folder may stay; the JVM may be ending.
        }
    }
}
