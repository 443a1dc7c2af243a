/** Workflow runs over a WebSocket. */
@NullMarked
package dev.rein.os.internal.socket;

import org.jspecify.annotations.NullMarked;
