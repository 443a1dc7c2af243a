/**
 * Stores for sessions and runs in SQL databases. Start with {@link dev.rein.store.JdbcSessionStore}: SQLite in a file for one
 * machine, PostgreSQL for several. The schema is created on first use, and migrated by newer versions.
 */
@NullMarked
package dev.rein.store;

import org.jspecify.annotations.NullMarked;
