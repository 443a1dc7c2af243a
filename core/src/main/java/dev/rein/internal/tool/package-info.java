/**
 * How annotated methods become tools: schemas from signatures, arguments from JSON, results to text. {@link
 * dev.rein.internal.tool.AnnotatedTools} reads a toolkit, {@link dev.rein.internal.tool.Schemas} and {@link
 * dev.rein.internal.tool.TypedValues} do the same for answers that are values. Nobody outside core imports this package; start
 * with {@link dev.rein.tool.ToolSpec#from}.
 */
@NullMarked
package dev.rein.internal.tool;

import org.jspecify.annotations.NullMarked;
