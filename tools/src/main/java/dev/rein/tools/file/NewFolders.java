package dev.rein.tools.file;

import dev.rein.tool.ToolArgumentException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Creates the directories that a file needs. The system has no way to create one within an open directory, so it is created in the root under
 * another name, and moved from there, which no link can redirect.
 */
record NewFolders(FileAccess access) {
    void create(String path) throws IOException {
        var root = access.root();
        var names = Names.of(path, root.getFileSystem());
        if (names.size() < 2) {
            return;
        }
        try (var top = Folder.root(root)) {
            var current = Folder.root(root);
            try {
                for (var name : names.subList(0, names.size() - 1)) {
                    access.cancellation().throwIfCancelled();
                    if (current.attributes(name) == null) {
                        create(top, root, current, name);
                    }
                    var next = current.folder(name);
                    current.close();
                    current = next;
                }
            } catch (FileSystemException e) {
                throw new ToolArgumentException("the directories of \"" + path + "\" can't be created: "
                        + (e.getReason() == null ? "one of the names is that of a file" : e.getReason()));
            } finally {
                current.close();
            }
        }
    }

    private static void create(Folder top, Path root, Folder parent, Path name) throws IOException {
        var temporary = root.getFileSystem().getPath("." + UUID.randomUUID() + ".tmp");
        Files.createDirectory(root.resolve(temporary));
        try {
            top.move(temporary, parent, name);
        } catch (IOException e) {
            top.deleteFolder(temporary);
            if (parent.attributes(name) == null) {
                throw e;
            }
            // Another one was faster.
        }
    }
}
