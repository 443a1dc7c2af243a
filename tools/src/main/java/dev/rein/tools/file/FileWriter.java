package dev.rein.tools.file;

import dev.rein.tool.ToolArgumentException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Replaces files in one step: the new content is written to a file beside, which then gets the name. Not thread-safe. */
final class FileWriter {
    private static final int CHUNK = 1 << 16;

    private final FileAccess access;
    private final FileLimits limits;

    FileWriter(FileAccess access, FileLimits limits) {
        this.access = access;
        this.limits = limits;
    }

    /** @return whether a file was replaced */
    boolean write(String path, byte[] bytes, boolean overwrite) throws IOException {
        new NewFolders(access).create(path);
        return access.withFile(path, (folder, name) -> {
            requireSize(bytes);
            var before = folder.attributes(name);
            if (before != null) {
                Folder.requireRegular(name, before);
                if (!overwrite) {
                    throw exists(path);
                }
                replace(folder, name, bytes, before, null);
                return true;
            }
            try {
                // Takes the name, so that two that create the file do not overwrite each other.
                folder.create(name).close();
            } catch (FileAlreadyExistsException e) {
                throw exists(path);
            }
            var own = Objects.requireNonNull(folder.attributes(name));
            try {
                replace(folder, name, bytes, own, null);
                return false;
            } catch (IOException | RuntimeException | Error e) {
                deleteQuietly(folder, name, own, e);
                throw e;
            }
        });
    }

    private static ToolArgumentException exists(String path) {
        return new ToolArgumentException(
                "\"" + path + "\" exists: set overwrite to true to replace it, or use edit_file to change a part");
    }

    /** @return how many occurrences were replaced */
    int edit(String path, Function<String, Edit> change) throws IOException {
        return access.withFile(path, (folder, name) -> {
            var attributes = folder.attributes(name);
            var bytes = access.bytes(folder, name);
            var file = FileAccess.text(name, bytes);
            var edit = change.apply(file.text());
            var changed = file.encode(edit.text());
            requireSize(changed);
            replace(folder, name, changed, Objects.requireNonNull(attributes), bytes);
            return edit.count();
        });
    }

    private void requireSize(byte[] bytes) {
        if (bytes.length > limits.maxFileSize()) {
            throw new ToolArgumentException(
                    "the text has " + bytes.length + " bytes: at most " + limits.maxFileSize() + " can be written");
        }
    }

    /**
     * Replaces a file.
     *
     * @param before the attributes of the file as it was read
     * @param old its content then, which it must still have; null if it does not matter
     */
    private void replace(Folder folder, Path name, byte[] bytes, BasicFileAttributes before, byte @Nullable [] old)
            throws IOException {
        var temporary = name.getFileSystem().getPath("." + UUID.randomUUID() + ".tmp");
        try {
            try (var channel = folder.create(temporary)) {
                var buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    access.cancellation().throwIfCancelled();
                    buffer.limit(Math.min(bytes.length, buffer.position() + CHUNK));
                    channel.write(buffer);
                    buffer.limit(bytes.length);
                }
                if (channel instanceof FileChannel file) {
                    file.force(true);
                }
            }
            var permissions = folder.permissions(name);
            if (permissions != null) {
                folder.permissions(temporary, permissions);
            }
            requireUnchanged(folder, name, before, old);
            access.cancellation().throwIfCancelled();
            folder.move(temporary, folder, name);
        } catch (IOException | RuntimeException | Error e) {
            deleteQuietly(folder, temporary, null, e);
            throw e;
        }
    }

    private void requireUnchanged(Folder folder, Path name, BasicFileAttributes before, byte @Nullable [] old)
            throws IOException {
        var now = folder.attributes(name);
        if (now == null
                || !Objects.equals(now.fileKey(), before.fileKey())
                || now.isSymbolicLink()
                || (old != null && !Arrays.equals(old, access.bytes(folder, name)))) {
            throw new ToolArgumentException(
                    "\"" + name + "\" was changed by others meanwhile, and was not written: read it again");
        }
    }

    /** @param own the empty file that may be deleted, and not another one that others have put in its place; null for any */
    private static void deleteQuietly(Folder folder, Path name, @Nullable BasicFileAttributes own, Throwable reason) {
        try {
            var now = folder.attributes(name);
            if (now != null && (own == null || (now.size() == 0 && Objects.equals(now.fileKey(), own.fileKey())))) {
                folder.delete(name);
            }
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }
}
