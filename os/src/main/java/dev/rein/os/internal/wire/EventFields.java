package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What an event carries beyond what all have: plain values, and after the event's index what is nested. */
final class EventFields {
    final ObjectNode flat = WireJson.object();
    final ObjectNode nested = WireJson.object();
}
