/**
 * How annotated methods become tools: schemas from signatures, arguments from JSON.
 */
@NullMarked
package dev.rein.internal.tool;

import org.jspecify.annotations.NullMarked;
