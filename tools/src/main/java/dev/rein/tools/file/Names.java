package dev.rein.tools.file;

import dev.rein.tool.ToolArgumentException;
import java.nio.file.FileSystem;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The names in a path that a model gives: relative, with {@code /} between them, none of which leads upwards. */
final class Names {
    private static final int MAX_LENGTH = 4_096;

    private Names() {}

    /** @throws ToolArgumentException if the path is absolute, leads upwards, is too long or has a name that no file can have */
    static List<Path> of(String path, FileSystem system) {
        if (path.length() > MAX_LENGTH) {
            throw new ToolArgumentException(
                    "the path has " + path.length() + " characters: give at most " + MAX_LENGTH);
        }
        if (path.startsWith("/") || path.startsWith("~")) {
            throw refused(path, "is not relative: give a path within the directory, such as \"notes/a.txt\"");
        }
        var names = new ArrayList<Path>();
        for (var name : path.split("/", -1)) {
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                throw refused(path, "leads upwards: give a path without \"..\"");
            }
            names.add(name(path, name, system));
        }
        if (names.size() > FileLimits.MAX_DEPTH) {
            throw refused(path, "has " + names.size() + " names: give at most " + FileLimits.MAX_DEPTH);
        }
        return names;
    }

    private static Path name(String path, String name, FileSystem system) {
        try {
            var result = system.getPath(name);
            // Other systems have other separators.
            if (!result.isAbsolute()
                    && result.getNameCount() == 1
                    && result.getFileName().toString().equals(name)) {
                return result;
            }
        } catch (InvalidPathException e) {
            // Reported below.
        }
        throw refused(path, "contains a name that no file can have");
    }

    private static ToolArgumentException refused(String path, String why) {
        return new ToolArgumentException("the path \"" + path.replace("\0", "\\0") + "\" " + why);
    }
}
