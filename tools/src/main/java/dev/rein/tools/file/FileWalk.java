package dev.rein.tools.file;

import dev.rein.tool.ToolArgumentException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Visits what is below a directory, in the order of the names, without following links. Bounded and stoppable. Not thread-safe. */
final class FileWalk {
    /** Told of each file, directory and link. */
    interface Visitor {
        /** @return whether to go on */
        boolean visit(String path, Folder folder, Path name, BasicFileAttributes attributes) throws IOException;
    }

    private final FileLimits limits;
    private final GuardedText.Guard guard;
    private final Visitor visitor;
    private int seen;
    private boolean incomplete;

    FileWalk(FileLimits limits, GuardedText.Guard guard, Visitor visitor) {
        this.limits = limits;
        this.guard = guard;
        this.visitor = visitor;
    }

    /** Whether something was left out because there is too much, or it could not be read. */
    boolean isIncomplete() {
        return incomplete;
    }

    /**
     * Visits what is in a directory.
     *
     * @param prefix the path of the directory, with a slash at its end; empty for the root
     * @param depth how many levels; 1 for the directory alone
     * @return whether to go on
     */
    boolean visit(Folder folder, String prefix, int depth) throws IOException {
        for (var name : sorted(folder)) {
            guard.check();
            var attributes = attributes(folder, name);
            if (attributes == null) {
                continue;
            }
            var path = prefix + name;
            if (!visitor.visit(path, folder, name, attributes)) {
                return false;
            }
            if (attributes.isDirectory() && depth > 1 && !visitBelow(folder, name, path, depth)) {
                return false;
            }
        }
        return true;
    }

    /** Null if there is nothing of this name any more, or it must not be looked at. */
    private @Nullable BasicFileAttributes attributes(Folder folder, Path name) throws IOException {
        try {
            return folder.attributes(name);
        } catch (FileSystemException e) {
            // The names in a directory may be readable, and nothing else.
            incomplete = true;
            return null;
        }
    }

    private boolean visitBelow(Folder folder, Path name, String path, int depth) throws IOException {
        Folder below;
        try {
            below = folder.folder(name);
        } catch (NoSuchFileException e) {
            return true;
        } catch (FileSystemException | ToolArgumentException e) {
            // Not readable, or a link by now.
            incomplete = true;
            return true;
        }
        try (below) {
            return visit(below, path + "/", depth - 1);
        }
    }

    private List<Path> sorted(Folder folder) {
        var names = new ArrayList<Path>();
        for (var name : folder.names()) {
            guard.check();
            if (++seen > limits.maxEntries()) {
                incomplete = true;
                break;
            }
            names.add(name);
        }
        names.sort(Comparator.comparing(Path::toString));
        return names;
    }
}
