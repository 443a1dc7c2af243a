/** Measures how fast the work of tools ends when their run is stopped: threads, requests, queries, processes and calls of MCP servers. */
@NullMarked
package dev.rein.bench.tools;

import org.jspecify.annotations.NullMarked;
