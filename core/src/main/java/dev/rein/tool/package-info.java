/**
 * Tools that a model may call. Start with {@link dev.rein.tool.Tool}: annotate methods of a plain object and pass the
 * object to an agent; {@link dev.rein.tool.ToolSpec} is for tools without a Java method. An exception of a tool becomes
 * an error result for the model; a stop never does.
 */
@NullMarked
package dev.rein.tool;

import org.jspecify.annotations.NullMarked;
