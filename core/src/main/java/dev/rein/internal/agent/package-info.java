/**
 * What an agent does inside a run: the model loop.
 */
@NullMarked
package dev.rein.internal.agent;

import org.jspecify.annotations.NullMarked;
