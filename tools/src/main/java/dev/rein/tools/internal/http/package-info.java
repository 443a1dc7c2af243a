/**
 * HTTP requests that are bounded, checked and stoppable, for the tools of this module. Not for users; may change at any time.
 */
@NullMarked
package dev.rein.tools.internal.http;

import org.jspecify.annotations.NullMarked;
