/** The engine. Nobody outside this module imports it. */
@NullMarked
package dev.rein.internal;

import org.jspecify.annotations.NullMarked;
