/**
 * The AgentOS wire format: the JSON of events, runs, sessions and components, and the parsing of decisions. Pure
 * translation, independent of HTTP. Start with {@link dev.rein.os.internal.wire.EventWire} for streams and
 * {@link dev.rein.os.internal.wire.RunWire} for fetched runs.
 */
@NullMarked
package dev.rein.os.internal.wire;

import org.jspecify.annotations.NullMarked;
