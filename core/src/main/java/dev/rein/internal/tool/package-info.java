/**
 * Annotated methods as tools: schemas from signatures, arguments from JSON, results as text. {@link
 * dev.rein.internal.tool.AnnotatedTools} inspects a toolkit; {@link dev.rein.internal.tool.Schemas} and {@link
 * dev.rein.internal.tool.TypedValues} serve typed answers. The public entry point is {@link dev.rein.tool.ToolSpec#from}.
 */
@NullMarked
package dev.rein.internal.tool;

import org.jspecify.annotations.NullMarked;
