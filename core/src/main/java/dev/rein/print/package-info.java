/**
 * Prints runs for people: headings, text as it is written, tool calls with their times, what the run does now, and what it has used.
 * Start with {@code agent.print("..")} of {@link dev.rein.runtime.Component}; {@link dev.rein.print.RunPrinter} prints the events of
 * runs that are followed in another way, and {@link dev.rein.print.TextLayout} changes how text is laid out on a terminal.
 */
@NullMarked
package dev.rein.print;

import org.jspecify.annotations.NullMarked;
