/**
 * Tools: what a model may call. Put {@link dev.rein.tool.Tool} on methods of a plain object and give the object to an
 * agent, or make a {@link dev.rein.tool.ToolSpec} by hand. A tool that throws becomes an error for the model to read; a
 * stop never does.
 */
@NullMarked
package dev.rein.tool;

import org.jspecify.annotations.NullMarked;
