package dev.rein.print;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Compares with files of {@code src/test/resources}. {@code -Drein.golden=write} writes them. */
final class Golden {
    private static final Path FOLDER = Path.of("src", "test", "resources", "dev", "rein", "print");

    private Golden() {}

    static void check(String name, String text) throws IOException {
        var file = FOLDER.resolve(name);
        if ("write".equals(System.getProperty("rein.golden"))) {
            Files.writeString(file, text);
        }
        assertThat(text).as(file.toString()).isEqualToNormalizingNewlines(Files.readString(file));
    }
}
