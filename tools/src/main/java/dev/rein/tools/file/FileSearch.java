package dev.rein.tools.file;

import dev.rein.tool.ToolArgumentException;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One search for files, or in files. Not thread-safe. */
final class FileSearch {
    private static final int MAX_LINE = 300;
    private static final int MAX_CHARACTERS = 1 << 20;

    private final FileAccess access;
    private final FileLimits limits;
    private final Pattern glob;
    private final GuardedText.Guard guard;
    private final StringBuilder found = new StringBuilder();
    private int results;
    private int skipped;

    FileSearch(FileAccess access, FileLimits limits, Pattern glob) {
        this.access = access;
        this.limits = limits;
        this.glob = glob;
        this.guard = new GuardedText.Guard(access.cancellation(), limits.searchTime());
    }

    /** The paths of the files whose paths match. */
    String files(String directory) throws IOException {
        return search(directory, (path, folder, name, attributes) -> add(path));
    }

    /** The lines that contain a match. */
    String matches(String directory, Pattern pattern) throws IOException {
        return search(directory, (path, folder, name, attributes) -> grep(path, folder, name, attributes, pattern));
    }

    private String search(String directory, FileWalk.Visitor visitor) throws IOException {
        return access.inFolder(directory, folder -> {
            var walk = new FileWalk(limits, guard, (path, parent, name, attributes) -> {
                var isWanted = attributes.isRegularFile()
                        && glob.matcher(new GuardedText(path, guard)).matches();
                return !isWanted || visitor.visit(path, parent, name, attributes);
            });
            try {
                if (!walk.visit(folder, "", FileLimits.MAX_DEPTH)) {
                    note("there is more: search for less, or in a directory");
                } else if (walk.isIncomplete()) {
                    note("not everything was searched: search in a directory");
                }
            } catch (GuardedText.TimeoutException e) {
                note("the time is over: search for a simpler pattern, or in a directory");
            } catch (StackOverflowError e) {
                throw new ToolArgumentException(
                        "the pattern is too complex for a line of these files: give a simpler one");
            }
            if (skipped > 0) {
                note(skipped + " files were not searched, because they are binary, too large or not readable");
            }
            return found.isEmpty() ? "[nothing was found]" : found.toString();
        });
    }

    private void note(String text) {
        found.append('[').append(text).append("]\n");
    }

    private boolean add(String line) {
        if (results >= limits.maxResults() || found.length() > MAX_CHARACTERS) {
            return false;
        }
        results++;
        found.append(line).append('\n');
        return true;
    }

    private boolean grep(String path, Folder folder, Path name, BasicFileAttributes attributes, Pattern pattern) {
        var file = attributes.size() > limits.maxFileSize() ? null : read(folder, name);
        if (file == null) {
            skipped++;
            return true;
        }
        var text = file.text();
        var number = 1;
        for (int start = 0; start < text.length(); number++) {
            guard.check();
            var feed = text.indexOf('\n', start);
            var end = feed < 0 ? text.length() : feed;
            var line = text.substring(start, end > start && text.charAt(end - 1) == '\r' ? end - 1 : end);
            start = end + 1;
            var matcher = pattern.matcher(new GuardedText(line, guard));
            if (matcher.find() && !add(path + ":" + number + ": " + shortened(line, matcher.start()))) {
                return false;
            }
        }
        return true;
    }

    /** The part of a long line around a match. */
    private static String shortened(String line, int match) {
        if (line.length() <= MAX_LINE) {
            return line;
        }
        var from = Math.clamp(match - MAX_LINE / 3, 0, line.length() - MAX_LINE);
        return (from > 0 ? "..." : "")
                + line.substring(from, from + MAX_LINE)
                + (from + MAX_LINE < line.length() ? "..." : "");
    }

    private @Nullable TextFile read(Folder folder, Path name) {
        try {
            return TextFile.decode(access.bytes(folder, name));
        } catch (IOException | ToolArgumentException e) {
            access.cancellation().throwIfCancelled();
            return null;
        }
    }
}
