/**
 * Arguments of tool calls and the JSON schemas of their tools: {@link dev.rein.internal.schema.ArgumentReader} reads what a model wrote in
 * another form than the schema's, and {@link dev.rein.internal.schema.SchemaCheck} describes what does not match.
 */
@NullMarked
package dev.rein.internal.schema;

import org.jspecify.annotations.NullMarked;
