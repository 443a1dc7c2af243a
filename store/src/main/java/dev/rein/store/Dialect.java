package dev.rein.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** SQL databases, and all that differs between them. Another database is one more constant, and its migrations must run there. */
enum Dialect {
    SQLITE(
            "integer primary key autoincrement",
            ", parent_run_id, session_id, run_id, root_run_id, source, component_id, user_id, status, created_at, ended_at",
            "",
            "",
            "",
            "",
            "cast(unixepoch('subsec') * 1000 as integer)",
            null,
            true),
    POSTGRES(
            "bigint generated always as identity primary key",
            "",
            " for no key update",
            " for key share",
            " for update",
            " for no key update of run skip locked",
            "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)",
            "select 1 from (select pg_notify('" + PostgresNotifications.CHANNEL + "', :owner)) notified",
            false);

    /** The type of a column that counts rows in the order of their insertion. */
    final String identityColumn;

    /** More columns of the indexes for lists of runs: what a list shows; empty where that need not be in the index. */
    final String shownColumns;

    /** The end of a query that locks the row it reads until its transaction ends; empty where only one transaction can write. */
    final String rowLock;

    /** The end of a query whose rows can't be deleted until its transaction ends; empty as above. */
    final String keepLock;

    /** The end of a query whose rows its transaction deletes: nobody refers to them meanwhile; empty as above. */
    final String deleteLock;

    /** The end of a query that locks the rows of {@code run} which no other transaction has locked; empty as above. */
    final String claimLock;

    /** Milliseconds since 1970 by the clock that all processes share: the server's, or that of their one machine. */
    final String currentMillis;

    /** A query that notifies the process {@code :owner}; null if the database has no notifications. */
    final @Nullable String notifyOwner;

    /** Whether the database has one writer at a time, which need not wait for the disk if somebody else moves its log. */
    final boolean singleWriter;

    Dialect(
            String identityColumn,
            String shownColumns,
            String rowLock,
            String keepLock,
            String deleteLock,
            String claimLock,
            String currentMillis,
            @Nullable String notifyOwner,
            boolean singleWriter) {
        this.identityColumn = identityColumn;
        this.shownColumns = shownColumns;
        this.rowLock = rowLock;
        this.keepLock = keepLock;
        this.deleteLock = deleteLock;
        this.claimLock = claimLock;
        this.currentMillis = currentMillis;
        this.notifyOwner = notifyOwner;
        this.singleWriter = singleWriter;
    }

    /** What stands in migrations in place of {@code ${name}}. */
    Map<String, String> placeholders() {
        return Map.of("identity", identityColumn, "shown", shownColumns);
    }
}
