package dev.rein.tools.file;

import dev.rein.run.RunContext;
import dev.rein.tool.Param;
import dev.rein.tool.Tool;
import dev.rein.tool.ToolArgumentException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * {@link FileTools} that also write. A file is replaced in one step, so that others read the old content or the new one, and a stop leaves one of
 * them. An edited file keeps its encoding, line ends and permissions; one that was changed while it was edited is not replaced.
 */
public final class WritableFileTools extends FileTools {
    /** Writes of one object follow each other: each replaces what it has read. */
    private final ReentrantLock writing = new ReentrantLock();

    WritableFileTools(Builder builder) {
        super(builder);
    }

    /** Writes a file; see the description of this class. */
    @Tool(
            name = "write_file",
            value = "Writes a text file, with the directories that it needs. A file that exists is replaced only if"
                    + " overwrite is true.")
    public String writeFile(
            @Param("The path of the file") String path,
            @Param("The whole text") String text,
            @Param("Whether to replace a file that exists") Optional<Boolean> overwrite,
            RunContext context)
            throws IOException, InterruptedException {
        var file = new TextFile("", StandardCharsets.UTF_8, false);
        var bytes = file.encode(text);
        return written(() -> {
            var replaced = new FileWriter(access(context), limits()).write(path, bytes, overwrite.orElse(false));
            return (replaced ? "replaced " : "created ") + path + " (" + bytes.length + " bytes)";
        });
    }

    /** Edits a file; see the description of this class. */
    @Tool(
            name = "edit_file",
            value = "Replaces a text in a file by another one. The old text must occur exactly once, unless all is"
                    + " true: give enough of what is around it.")
    public String editFile(
            @Param("The path of the file") String path,
            @Param("The text to be replaced, exactly as it is in the file") String oldText,
            @Param("The text to put in its place") String newText,
            @Param("Whether to replace all occurrences") Optional<Boolean> all,
            RunContext context)
            throws IOException, InterruptedException {
        if (oldText.isEmpty()) {
            throw new ToolArgumentException("\"oldText\" is empty: give the text to be replaced");
        }
        return written(() -> {
            var count = new FileWriter(access(context), limits())
                    .edit(path, text -> Edit.of(text, oldText, newText, all.orElse(false), limits().maxFileSize()));
            return "replaced " + count + (count == 1 ? " occurrence in " : " occurrences in ") + path;
        });
    }

    private interface Code {
        String call() throws IOException;
    }

    private String written(Code code) throws IOException, InterruptedException {
        // A stop interrupts the wait.
        writing.lockInterruptibly();
        try {
            return code.call();
        } finally {
            writing.unlock();
        }
    }
}
