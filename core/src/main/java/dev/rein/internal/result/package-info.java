/**
 * Results of tools as text for the model: {@link dev.rein.internal.result.ToolResults} converts values, {@link
 * dev.rein.internal.result.KeptResults} cuts long texts and keeps the rest for the model to read.
 */
@NullMarked
package dev.rein.internal.result;

import org.jspecify.annotations.NullMarked;
