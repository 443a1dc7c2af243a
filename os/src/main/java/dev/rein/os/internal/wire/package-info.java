/**
 * The words of AgentOS: what events, runs, sessions and components look like to its clients, and how their answers are read.
 * Pure translation without any HTTP. Start with {@link dev.rein.os.internal.wire.EventWire} for streams and {@link
 * dev.rein.os.internal.wire.RunWire} for everything that is fetched.
 */
@NullMarked
package dev.rein.os.internal.wire;

import org.jspecify.annotations.NullMarked;
