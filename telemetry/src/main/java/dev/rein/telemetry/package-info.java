/**
 * Spans and metrics with OpenTelemetry: {@link dev.rein.telemetry.Telemetry} observes runs. Names follow OpenTelemetry's
 * conventions for generative AI. A stop is not an error.
 */
@NullMarked
package dev.rein.telemetry;

import org.jspecify.annotations.NullMarked;
