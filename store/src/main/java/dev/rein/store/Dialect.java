package dev.rein.store;

/** Where the two databases differ. */
enum Dialect {
    SQLITE("integer primary key autoincrement", "", "cast(unixepoch('subsec') * 1000 as integer)"),
    POSTGRES(
            "bigint generated always as identity primary key",
            " for no key update",
            "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)");

    /** A column that counts rows in the order of their insert. */
    final String identity;

    /** What makes a query hold the row that it reads until its transaction ends. SQLite's writers are alone anyhow. */
    final String lock;

    /** Milliseconds since 1970 by the clock that all processes share: the server's, or that of their one machine. */
    final String now;

    Dialect(String identity, String lock, String now) {
        this.identity = identity;
        this.lock = lock;
        this.now = now;
    }
}
