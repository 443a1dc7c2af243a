/**
 * A model that needs no server, for demos. It tells one long story at a reading pace, calls tools for searching
 * and gives work to the members of a team.
 * Start with {@link dev.rein.cli.offline.OfflineModel}.
 */
@NullMarked
package dev.rein.cli.offline;

import org.jspecify.annotations.NullMarked;
