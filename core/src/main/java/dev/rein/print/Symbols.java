package dev.rein.print;

import java.nio.charset.Charset;

/** The symbols in front of lines, or ASCII in their place where the output can't show them. */
record Symbols(
        String step,
        String call,
        String result,
        String done,
        String stopped,
        String failed,
        String paused,
        String separator,
        String frames) {
    static final Symbols UNICODE = new Symbols("▸", "→", "←", "✓", "■", "✗", "‖", " · ", "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏");
    static final Symbols ASCII = new Symbols(">", "->", "<-", "*", "#", "x", "=", ", ", "|/-\\");

    static Symbols of(Charset charset) {
        var all = UNICODE.toString();
        return charset.canEncode() && charset.newEncoder().canEncode(all) ? UNICODE : ASCII;
    }
}
