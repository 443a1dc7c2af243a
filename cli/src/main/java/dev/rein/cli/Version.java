package dev.rein.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The output of {@code rein --version}: the versions that a bug report needs. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        var built = new Properties();
        try (var in = Objects.requireNonNull(
                Version.class.getResourceAsStream("version.properties"), "version.properties is not in the jar")) {
            built.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new String[] {
            "rein " + built.getProperty("version"),
            "Jackson " + built.getProperty("jackson"),
            "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + "), "
                    + System.getProperty("os.name") + " " + System.getProperty("os.arch")
        };
    }
}
