package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The keys of an event besides the common ones: flat values, and nested values, which follow the event index. */
final class EventFields {
    final ObjectNode flat = WireJson.object();
    final ObjectNode nested = WireJson.object();
}
