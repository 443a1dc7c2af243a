/**
 * A model for demos that needs no server. It tells a long story at a reading pace, calls search tools and delegates to
 * team members. Start with {@link dev.rein.cli.offline.OfflineModel}.
 */
@NullMarked
package dev.rein.cli.offline;

import org.jspecify.annotations.NullMarked;
