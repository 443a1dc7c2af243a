/**
 * A model that needs no server, for demos. It tells one long story at a reading pace, and calls the first tool it is given.
 * Start with {@link dev.rein.cli.offline.OfflineModel}.
 */
@NullMarked
package dev.rein.cli.offline;

import org.jspecify.annotations.NullMarked;
