package dev.rein.tools.file;

import dev.rein.cancel.Cancellation;
import dev.rein.tool.ToolArgumentException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds and reads the files below a root for one call. Not thread-safe. */
final class FileAccess {
    private static final int CHUNK = 1 << 16;

    private final Path root;
    private final FileLimits limits;
    private final Cancellation cancellation;

    FileAccess(Path root, FileLimits limits, Cancellation cancellation) {
        this.root = root;
        this.limits = limits;
        this.cancellation = cancellation;
    }

    Path root() {
        return root;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    /** What is done with a file. */
    interface FileAction<T> {
        /** @param folder the directory of the file */
        T perform(Folder folder, Path name) throws IOException;
    }

    /** What is done with a directory. */
    interface FolderAction<T> {
        T perform(Folder folder) throws IOException;
    }

    <T> T inFolder(String path, FolderAction<T> action) throws IOException {
        return inFolder(path, Names.of(path, root.getFileSystem()), action);
    }

    private <T> T inFolder(String path, List<Path> names, FolderAction<T> action) throws IOException {
        cancellation.throwIfCancelled();
        try (var folder = Folder.root(root).descend(names)) {
            return action.perform(folder);
        } catch (NoSuchFileException e) {
            throw new ToolArgumentException("there is no \"" + path + "\": list the files to see what there is");
        } catch (NotDirectoryException e) {
            throw new ToolArgumentException("\"" + e.getFile() + "\" in \"" + path + "\" is not a directory");
        } catch (FileSystemException e) {
            cancellation.throwIfCancelled();
            // Its message has the absolute path.
            throw new IOException("\"" + path + "\" can't be used: "
                    + (e.getReason() == null ? e.getClass().getSimpleName() : e.getReason()));
        }
    }

    <T> T withFile(String path, FileAction<T> action) throws IOException {
        var names = new ArrayList<>(Names.of(path, root.getFileSystem()));
        if (names.isEmpty()) {
            throw new ToolArgumentException("\"" + path + "\" is the directory itself: give the path of a file");
        }
        var name = names.removeLast();
        return inFolder(path, names, folder -> action.perform(folder, name));
    }

    /**
     * All bytes of a file.
     *
     * @throws ToolArgumentException if it is too large
     */
    byte[] bytes(Folder folder, Path name) throws IOException {
        try (var channel = folder.read(name)) {
            var size = channel.size();
            requireSize(name, size);
            return bytes(channel, name, (int) size);
        }
    }

    private byte[] bytes(SeekableByteChannel channel, Path name, int expected) throws IOException {
        // One more, to notice a file that grows.
        var buffer = ByteBuffer.allocate(Math.max(expected + 1, CHUNK));
        while (true) {
            cancellation.throwIfCancelled();
            buffer.limit(Math.min(buffer.capacity(), buffer.position() + CHUNK));
            if (channel.read(buffer) < 0) {
                var bytes = new byte[buffer.position()];
                buffer.flip().get(bytes);
                return bytes;
            }
            if (buffer.position() == buffer.capacity()) {
                requireSize(name, buffer.capacity());
                var larger = ByteBuffer.allocate(Math.min(2 * buffer.capacity(), limits.maxFileSize() + 1));
                buffer = larger.put(buffer.flip());
            }
        }
    }

    void requireSize(Path name, long size) {
        if (size > limits.maxFileSize()) {
            throw new ToolArgumentException("\"" + name + "\" has " + size + " bytes: at most " + limits.maxFileSize()
                    + " can be read or written");
        }
    }

    /** @throws ToolArgumentException if the file is binary */
    static TextFile text(Path name, byte[] bytes) {
        var text = TextFile.decode(bytes);
        if (text == null) {
            throw new ToolArgumentException(
                    "\"" + name + "\" is a binary file of " + bytes.length + " bytes: only text can be used");
        }
        return text;
    }

    /**
     * The root as it is now, without links.
     *
     * @throws IllegalArgumentException if it is no directory, or can't be protected
     */
    static Path root(Path given) {
        try {
            var root = given.toRealPath();
            Folder.root(root).close();
            return root;
        } catch (IOException | ToolArgumentException e) {
            throw new IllegalArgumentException(
                    "root is " + given + ": give a directory that exists and can be read", e);
        } catch (UnsupportedOperationException e) {
            throw new IllegalArgumentException("root is " + given + ": " + e.getMessage(), e);
        }
    }
}
