package dev.rein.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The open file descriptors of this process. Linux only; empty on other systems. */
final class OpenFiles {
    private static final Path FDS = Path.of("/proc/self/fd");

    /** Files that the JVM itself may open at any time. */
    private static final Pattern OF_THE_JVM =
            Pattern.compile(".*\\.(jar|jsa|jmod|so)|.*/lib/modules|/dev/u?random|/proc/.*");

    /** @param target the target of the descriptor, such as {@code socket:[4711]} or a path */
    record Fd(int number, String target) {}

    private OpenFiles() {}

    static Set<Fd> now() {
        var open = new ArrayList<Fd>();
        if (!Files.isDirectory(FDS)) {
            return Set.of();
        }
        try (var list = Files.newDirectoryStream(FDS)) {
            for (var fd : list) {
                try {
                    var target = Files.readSymbolicLink(fd).toString();
                    if (!OF_THE_JVM.matcher(target).matches()) {
                        open.add(new Fd(Integer.parseInt(fd.getFileName().toString()), target));
                    }
                } catch (NoSuchFileException e) {
                    // The descriptor was closed while the list was read.
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + FDS, e);
        }
        return Set.copyOf(open);
    }

    /** A line for each descriptor, with the ports of sockets. */
    static List<String> describe(List<Fd> fds) {
        if (fds.isEmpty()) {
            return List.of();
        }
        Map<String, TcpTable.Row> sockets = new HashMap<>();
        try {
            sockets = TcpTable.read().stream()
                    .collect(Collectors.toMap(TcpTable.Row::inode, Function.identity(), (a, b) -> a));
        } catch (IOException e) {
            // The descriptors are described without ports.
        }
        var lines = new ArrayList<String>();
        for (var fd : fds) {
            var row = fd.target().startsWith("socket:[")
                    ? sockets.get(fd.target()
                            .substring("socket:[".length(), fd.target().length() - 1))
                    : null;
            lines.add("descriptor " + fd.number() + ": " + fd.target() + (row == null ? "" : " (" + row + ")"));
        }
        return lines;
    }
}
