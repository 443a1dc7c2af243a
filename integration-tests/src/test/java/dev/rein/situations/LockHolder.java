package dev.rein.situations;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A program that locks a file, says so, and holds it until its input ends. */
final class LockHolder {
    private LockHolder() {}

    public static void main(String[] args) throws IOException {
        try (var channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            System.out.println("locked");
            System.in.read();
        }
    }

    /** Starts it and waits until it holds the lock. */
    static Process start(Path file) throws IOException {
        var java = ProcessHandle.current().info().command().orElseThrow();
        var classes = LockHolder.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        var process = new ProcessBuilder(java, "-cp", classes, LockHolder.class.getName(), file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var said = process.inputReader().readLine();
        if (!"locked".equals(said)) {
            throw new IOException("the lock holder said " + said);
        }
        return process;
    }
}
