package dev.rein.tools.file;

import java.time.Duration;

/**
 * The bounds of what one call does.
 *
 * @param maxFileSize the largest file that is read or written, in bytes
 * @param maxEntries how many files and directories are looked at
 * @param maxResults how many files or matches are returned
 * @param searchTime how long a search takes
 */
record FileLimits(int maxFileSize, int maxEntries, int maxResults, Duration searchTime) {
    static final FileLimits DEFAULT = new FileLimits(16 << 20, 200_000, 1_000, Duration.ofSeconds(20));

    /** How deep directories are followed. */
    static final int MAX_DEPTH = 64;
}
