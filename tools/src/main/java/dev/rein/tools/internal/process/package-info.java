/**
 * Child processes: their environment, how they are found, and how they are ended. Not for users; may change at any time.
 */
@NullMarked
package dev.rein.tools.internal.process;

import org.jspecify.annotations.NullMarked;
