/** What a run delivers: text, messages, tool calls, usage, session state. Start with {@link dev.rein.internal.delivery.Delivery}. */
@NullMarked
package dev.rein.internal.delivery;

import org.jspecify.annotations.NullMarked;
