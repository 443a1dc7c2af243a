package dev.rein.print;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The width of the terminal: {@code COLUMNS}, or what the system's {@code stty} says, otherwise 80. Thread-safe. */
public final class TerminalSize {
    private static final int USUAL = 80;
    private static final int MIN = 20;
    private static final int MAX = 1_000;
    private static final long PATIENCE_MILLIS = 500;

    private TerminalSize() {}

    /** Returns the width in columns. May start a short-lived process: ask once. */
    public static int columns() {
        var variable = parsed(System.getenv().getOrDefault("COLUMNS", ""));
        return variable > 0 ? variable : ofTerminal();
    }

    private static int ofTerminal() {
        var terminal = new File("/dev/tty");
        if (!terminal.exists()) {
            return USUAL;
        }
        try {
            var process = new ProcessBuilder("stty", "size")
                    .redirectInput(terminal)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                if (process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                    var answer = new String(process.getInputStream().readNBytes(64), StandardCharsets.US_ASCII);
                    var columns = parsed(answer.substring(answer.indexOf(' ') + 1));
                    return columns > 0 ? columns : USUAL;
                }
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            // There is no stty, or no terminal.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return USUAL;
    }

    /** 0 if the text is no width of a terminal. */
    private static int parsed(String text) {
        try {
            var columns = Integer.parseInt(text.strip());
            return columns >= MIN && columns <= MAX ? columns : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
