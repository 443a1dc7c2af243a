package dev.rein.cli;

/** Puts text of several lines on one line. */
public final class SingleLine {
    private SingleLine() {}

    /** Replaces each line break, with the white space around it, by one space. */
    public static String of(String text) {
        return text.replaceAll("\\s*\\R\\s*", " ");
    }
}
