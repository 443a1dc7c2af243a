/**
 * Measures AgentOS over HTTP: server, provider and clients are processes of their own. The clients speak over plain sockets,
 * so that what is measured is the server.
 */
@NullMarked
package dev.rein.bench.os;

import org.jspecify.annotations.NullMarked;
