package dev.rein.cli.offline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The story of the offline model. */
final class Story {
    private static final String TEXT = read();

    private Story() {}

    static String text() {
        return TEXT;
    }

    private static String read() {
        try (var in =
                Objects.requireNonNull(Story.class.getResourceAsStream("story.txt"), "story.txt is not in the jar")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
