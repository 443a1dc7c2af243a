package dev.rein.os.internal.http;

import io.javalin.websocket.WsConfig;

/** Workflows over a WebSocket. */
final class WorkflowSocket {
    void configure(WsConfig socket) {}
}
