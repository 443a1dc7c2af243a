/**
 * The {@code rein} command. Start with {@link dev.rein.cli.Rein}, the main class and the list of its commands. Commands
 * print results to standard output, and errors as one line to standard error.
 */
@NullMarked
package dev.rein.cli;

import org.jspecify.annotations.NullMarked;
