/** Implementation of the engine. Not for use outside this module. */
@NullMarked
package dev.rein.internal;

import org.jspecify.annotations.NullMarked;
