package dev.rein.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.util.regex.Pattern;

/**
 * Training run for the class data archive: executes short commands and a server while the JVM records the loaded
 * classes. Run by the start script once after a build.
 */
final class WarmUp {
    private static final Pattern URL = Pattern.compile("listens on (\\S+);");
    private static final int LOOKS = 1_500;
    private static final int LOOK_MILLIS = 20;
    private static final PrintWriter NOWHERE = new PrintWriter(Writer.nullWriter());

    private WarmUp() {}

    public static void main(String... args) throws IOException, InterruptedException {
        String[][] lines = {
            {"--version"},
            {"demo", "--help"},
            {"demo", "--cancel-after", "0.5"},
            {"demo", "workflow", "--cancel-after", "500ms", "--offline-pace", "500"},
            {"demo", "team", "--cancel-after", "500ms", "--offline-pace", "500"},
            {"demo", "agent", "--cancel-after", "100ms", "--offline-pace", "200"},
            {"demo", "--base-url", "http://127.0.0.1:1/v1", "--cancel-after", "1s"}
        };
        for (var line : lines) {
            execute(line);
        }
        serve();
    }

    private static void execute(String... line) {
        Rein.commandLine(NOWHERE, NOWHERE).execute(line);
    }

    /** Starts a server, sends it a few requests and stops it. */
    private static void serve() throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("rein-warm-up");
        var said = new StringWriter();
        var server = Thread.ofPlatform()
                .start(() -> Rein.commandLine(new PrintWriter(said), NOWHERE)
                        .execute(
                                "serve",
                                "--port",
                                "0",
                                "--offline-pace",
                                "10000",
                                "--drain",
                                "0s",
                                "--db",
                                folder.resolve("rein.db").toString()));
        for (var look = 0; look < LOOKS && server.isAlive() && !said.toString().contains("Ctrl-C"); look++) {
            Thread.sleep(LOOK_MILLIS);
        }
        var url = URL.matcher(said.toString());
        if (url.find()) {
            ask(url.group(1));
        }
        if (server.isAlive()) {
            Signals.raise("TERM");
            server.join();
        }
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static void ask(String url) {
        execute("ps", "--url", url);
        execute("run", "team", "storytelling-team", "hi", "--url", url);
        execute("run", "workflow", "article-workflow", "hi", "--background", "--url", url);
        execute("ps", "--url", url);
        execute("ps", "--json", "--url", url);
        execute("tail", "nothing", "--url", url);
        execute("cancel", "--all", "--url", url);
    }
}
