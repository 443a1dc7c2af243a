/**
 * Headers that connect the traces of systems, such as {@code traceparent}: those of the request that has started a run, and those of
 * the requests that a run sends. Start with {@link dev.rein.trace.TraceHeaders}; {@code rein-telemetry} uses it.
 */
@NullMarked
package dev.rein.trace;

import org.jspecify.annotations.NullMarked;
