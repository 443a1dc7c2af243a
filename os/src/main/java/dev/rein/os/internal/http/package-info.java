/**
 * The HTTP layer of AgentOS: the table of routes and their handlers. {@code ServerLifecycle} assembles and runs the
 * server; each {@code *Routes} class contributes the routes of one area.
 */
@NullMarked
package dev.rein.os.internal.http;

import org.jspecify.annotations.NullMarked;
