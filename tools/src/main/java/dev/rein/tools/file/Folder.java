package dev.rein.tools.file;

import dev.rein.tool.ToolArgumentException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An open directory. What is in it is found through the directory itself and not through a path, and links are not followed, so that others who
 * move directories or put links in their place change nothing. Not thread-safe.
 */
final class Folder implements AutoCloseable {
    private final SecureDirectoryStream<Path> stream;

    private Folder(SecureDirectoryStream<Path> stream) {
        this.stream = stream;
    }

    /**
     * Opens the directory at a path, whose own name is not followed if it is a link.
     *
     * @throws UnsupportedOperationException if directories can't be opened in this way on this system
     */
    // The folder closes the stream.
    @SuppressWarnings("StreamResourceLeak")
    static Folder root(Path path) throws IOException {
        var parent = path.getParent();
        if (parent == null) {
            return new Folder(secure(Files.newDirectoryStream(path)));
        }
        try (var above = new Folder(secure(Files.newDirectoryStream(parent)))) {
            return above.folder(path.getFileName());
        }
    }

    private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        stream.close();
        throw new UnsupportedOperationException(
                "files can't be protected from links on this system: FileTools need Linux or macOS");
    }

    /** Opens the directory that these names lead to from here, which closes this one if there are names. */
    Folder descend(List<Path> names) throws IOException {
        var folder = this;
        try {
            for (var name : names) {
                var next = folder.folder(name);
                folder.close();
                folder = next;
            }
        } catch (IOException | RuntimeException e) {
            folder.close();
            throw e;
        }
        return folder;
    }

    Folder folder(Path name) throws IOException {
        var attributes = attributes(name);
        if (attributes == null) {
            throw new NoSuchFileException(name.toString());
        }
        requireNoLink(name, attributes);
        if (!attributes.isDirectory()) {
            throw new NotDirectoryException(name.toString());
        }
        return new Folder(stream.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS));
    }

    static void requireNoLink(Path name, BasicFileAttributes attributes) {
        if (attributes.isSymbolicLink()) {
            throw new ToolArgumentException("\"" + name
                    + "\" is a symbolic link, and links are not followed: give the path of the file itself");
        }
    }

    /** The names in this directory, in the order of the system. May be iterated once. */
    Iterable<Path> names() {
        return () -> {
            var all = stream.iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return all.hasNext();
                }

                @Override
                public Path next() {
                    return all.next().getFileName();
                }
            };
        };
    }

    /** Null if there is nothing of this name. */
    @Nullable
    BasicFileAttributes attributes(Path name) throws IOException {
        try {
            return stream.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Opens a regular file for reading. Others, such as pipes, might block for good. */
    SeekableByteChannel read(Path name) throws IOException {
        var attributes = attributes(name);
        if (attributes == null) {
            throw new NoSuchFileException(name.toString());
        }
        requireRegular(name, attributes);
        return stream.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    static void requireRegular(Path name, BasicFileAttributes attributes) {
        requireNoLink(name, attributes);
        if (!attributes.isRegularFile()) {
            throw new ToolArgumentException("\"" + name + "\" is "
                    + (attributes.isDirectory() ? "a directory" : "no regular file") + ": give the path of a file");
        }
    }

    /** Creates a file, which must not exist. */
    SeekableByteChannel create(Path name) throws IOException {
        return stream.newByteChannel(
                name,
                Set.<OpenOption>of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, LinkOption.NOFOLLOW_LINKS));
    }

    void delete(Path name) throws IOException {
        stream.deleteFile(name);
    }

    void deleteFolder(Path name) throws IOException {
        stream.deleteDirectory(name);
    }

    /** Moves a file or directory in one step, in place of a file that is there. */
    void move(Path name, Folder target, Path newName) throws IOException {
        stream.move(name, target.stream, newName);
    }

    @Nullable
    Set<PosixFilePermission> permissions(Path name) throws IOException {
        var view = stream.getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        return view == null ? null : view.readAttributes().permissions();
    }

    /** Sets the permissions of a file that is no link. */
    void permissions(Path name, Set<PosixFilePermission> permissions) throws IOException {
        var view = stream.getFileAttributeView(name, PosixFileAttributeView.class);
        if (view != null) {
            view.setPermissions(permissions);
        }
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
