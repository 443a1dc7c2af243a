/** Durable runs: their execution, and the routes of their queue. */
@NullMarked
package dev.rein.os.internal.queue;

import org.jspecify.annotations.NullMarked;
