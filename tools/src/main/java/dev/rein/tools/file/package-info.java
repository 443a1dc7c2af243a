/**
 * Tools that read, and if that is wanted write, the files below a directory: {@link dev.rein.tools.file.FileTools}. No path, link or change by
 * others leads outside of the directory, and all that is read or written is bounded and can be stopped.
 */
@NullMarked
package dev.rein.tools.file;

import org.jspecify.annotations.NullMarked;
