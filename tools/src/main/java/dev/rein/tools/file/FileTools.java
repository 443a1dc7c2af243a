package dev.rein.tools.file;

import dev.rein.run.RunContext;
import dev.rein.tool.Param;
import dev.rein.tool.Tool;
import dev.rein.tool.ToolArgumentException;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Tools that list, read and search the files below a directory; {@link WritableFileTools} write them too. A path of the model can't lead out of
 * the directory: it is relative, has no {@code ..}, and symbolic links are not followed, not even those that others put in the place of a
 * directory while a tool works. Hard links and mounted file systems are what they appear to be. Requires Linux or macOS.
 *
 * <p>Files of up to 16 MiB are read, by default. Binary files are refused; text may be UTF-8, UTF-16 or UTF-32 with a byte order mark, or any
 * encoding of single bytes, which is read as ISO-8859-1. All tools can be stopped, searches within a pattern too. Thread-safe.
 */
public sealed class FileTools permits WritableFileTools {
    private static final int MAX_LINES = 5_000;
    private static final int DEFAULT_LINES = 2_000;
    private static final int MAX_CHARACTERS = 1 << 20;

    private final Path root;
    private final FileLimits limits;

    FileTools(Builder builder) {
        root = builder.root;
        limits = builder.limits;
    }

    /**
     * Tools that read the files below a directory.
     *
     * @throws IllegalArgumentException if there is no such directory, or the system can't protect it
     */
    public static FileTools of(Path root) {
        return builder(root).build();
    }

    /** @throws IllegalArgumentException if there is no such directory, or the system can't protect it */
    public static Builder builder(Path root) {
        return new Builder(FileAccess.root(Objects.requireNonNull(root, "root is null: give a directory")));
    }

    final FileLimits limits() {
        return limits;
    }

    final FileAccess access(RunContext context) {
        return new FileAccess(root, limits, context.cancellation());
    }

    /** Lists files; see the description of this class. */
    @Tool(
            name = "list_files",
            value = "Lists the files and directories in a directory, with their sizes. Directories end with a slash.")
    public String listFiles(
            @Param("The path of the directory; omit for the top one") Optional<String> path,
            @Param("How many levels, 1 by default") Optional<Integer> depth,
            RunContext context)
            throws IOException {
        var levels = inRange("depth", depth.orElse(1), FileLimits.MAX_DEPTH);
        var access = access(context);
        return access.inFolder(path.orElse(""), folder -> {
            var listing = new StringBuilder();
            var count = new int[1];
            var guard = new GuardedText.Guard(context.cancellation(), limits.searchTime());
            var walk = new FileWalk(limits, guard, (each, _, _, attributes) -> {
                if (++count[0] > limits.maxResults()) {
                    return false;
                }
                listing.append(described(each, attributes)).append('\n');
                return true;
            });
            try {
                if (!walk.visit(folder, "", levels) || walk.isIncomplete()) {
                    listing.append("[there is more: list a directory below]");
                }
            } catch (GuardedText.TimeoutException e) {
                listing.append("[the time is over, there may be more: list a directory below]");
            }
            return listing.isEmpty() ? "[the directory is empty]" : listing.toString();
        });
    }

    private static String described(String path, BasicFileAttributes attributes) {
        if (attributes.isDirectory()) {
            return path + "/";
        }
        return path
                + (attributes.isSymbolicLink()
                        ? " (a link, which is not followed)"
                        : attributes.isRegularFile() ? " (" + attributes.size() + " bytes)" : " (no regular file)");
    }

    /** Reads a file; see the description of this class. */
    @Tool(name = "read_file", value = "Reads lines of a text file.")
    public String readFile(
            @Param("The path of the file") String path,
            @Param("The first line, 1 by default") Optional<Integer> fromLine,
            @Param("The number of lines, 2000 by default") Optional<Integer> lines,
            RunContext context)
            throws IOException {
        var from = inRange("fromLine", fromLine.orElse(1), Integer.MAX_VALUE);
        var wanted = inRange("lines", lines.orElse(DEFAULT_LINES), MAX_LINES);
        var access = access(context);
        var file = access.withFile(path, (folder, name) -> FileAccess.text(name, access.bytes(folder, name)));
        return part(file, from, wanted);
    }

    private static String part(TextFile file, int from, int wanted) {
        var text = file.text();
        var start = 0;
        var line = 1;
        for (; line < from && start < text.length(); line++) {
            start = next(text, start);
        }
        if (start >= text.length()) {
            if (text.isEmpty()) {
                return "[the file is empty" + file.note() + "]";
            }
            throw new ToolArgumentException("\"fromLine\" is " + from + ": the file has " + (line - 1) + " lines");
        }
        var end = start;
        for (; line < from + (long) wanted && end < text.length(); line++) {
            var next = next(text, end);
            if (next - start > MAX_CHARACTERS && end > start) {
                break;
            }
            end = Math.min(next, start + MAX_CHARACTERS);
            if (end < next) {
                return text.substring(start, end) + "\n[line " + line + " is longer than " + MAX_CHARACTERS
                        + " characters and was cut]";
            }
        }
        if (end >= text.length() && from == 1) {
            return file.note().isEmpty() ? text : text + "\n[the end" + file.note() + "]";
        }
        return text.substring(start, end) + (text.charAt(end - 1) == '\n' ? "" : "\n") + "[lines " + from + " to "
                + (line - 1) + (end < text.length() ? "; continue with fromLine " + line : "; the end") + file.note()
                + "]";
    }

    private static int next(String text, int start) {
        var feed = text.indexOf('\n', start);
        return feed < 0 ? text.length() : feed + 1;
    }

    /** Finds files; see the description of this class. */
    @Tool(name = "find_files", value = "Finds files by a glob such as *.java, src/**/*.md or {a,b}*.txt.")
    public String findFiles(
            @Param("The glob: of names, or with a slash of paths") String glob,
            @Param("The directory to search; omit for the top one") Optional<String> path,
            RunContext context)
            throws IOException {
        return new FileSearch(access(context), limits, Patterns.glob(glob)).files(path.orElse(""));
    }

    /** Searches files; see the description of this class. */
    @Tool(
            name = "search_files",
            value = "Searches the lines of text files for a regular expression. Returns path, line number and line.")
    public String searchFiles(
            @Param("A regular expression of Java") String pattern,
            @Param("Which files, as a glob such as *.java; omit for all") Optional<String> glob,
            @Param("The directory to search; omit for the top one") Optional<String> path,
            RunContext context)
            throws IOException {
        return new FileSearch(
                        access(context),
                        limits,
                        Patterns.glob(glob.filter(each -> !each.isBlank()).orElse("*")))
                .matches(path.orElse(""), Patterns.regex(pattern));
    }

    private static int inRange(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new ToolArgumentException("\"" + name + "\" is " + value + ": give 1 to " + max);
        }
        return value;
    }

    /** Builds {@link FileTools}. Not thread-safe. */
    public static final class Builder {
        private final Path root;
        private FileLimits limits = FileLimits.DEFAULT;

        private Builder(Path root) {
            this.root = root;
        }

        /** The largest file that is read or written, in bytes, up to 256 MiB. Default: 16 MiB. */
        public Builder maxFileSize(int bytes) {
            if (bytes < 1 || bytes > 256 << 20) {
                throw new IllegalArgumentException("maxFileSize is " + bytes + ": give 1 to " + (256 << 20));
            }
            limits = new FileLimits(bytes, limits.maxEntries(), limits.maxResults(), limits.searchTime());
            return this;
        }

        /** How many files or matches a list or a search returns. Default: 1,000. */
        public Builder maxResults(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("maxResults is " + value + ": give at least 1");
            }
            limits = new FileLimits(limits.maxFileSize(), limits.maxEntries(), value, limits.searchTime());
            return this;
        }

        /** How long a list or a search takes; what was found until then is returned. Default: 20 s. */
        public Builder searchTime(Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException("searchTime is " + value + ": it must be positive");
            }
            limits = new FileLimits(limits.maxFileSize(), limits.maxEntries(), limits.maxResults(), value);
            return this;
        }

        /** Tools that read. */
        public FileTools build() {
            return new FileTools(this);
        }

        /** Tools that read, and write. */
        public WritableFileTools buildWritable() {
            return new WritableFileTools(this);
        }
    }
}
