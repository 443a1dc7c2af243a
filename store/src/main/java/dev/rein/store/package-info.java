/**
 * Sessions and runs that outlive the process. Give an agent a {@link dev.rein.store.JdbcSessionStore}: SQLite in a file for
 * one machine, PostgreSQL for several. Both are set up on first use, and brought up to date by a newer version.
 */
@NullMarked
package dev.rein.store;

import org.jspecify.annotations.NullMarked;
