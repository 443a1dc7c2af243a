/**
 * How fast stops of runs are whose models are of different providers. Start with {@link dev.rein.bench.models.ModelsGroup}. What is
 * measured is in {@link dev.rein.bench.provider.CancelLatency}.
 */
@NullMarked
package dev.rein.bench.models;

import org.jspecify.annotations.NullMarked;
