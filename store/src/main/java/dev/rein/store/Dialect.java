package dev.rein.store;

/** Where the two databases differ. */
enum Dialect {
    SQLITE("integer primary key autoincrement", ""),
    POSTGRES("bigint generated always as identity primary key", " for no key update");

    /** A column that counts rows in the order of their insert. */
    final String identity;

    /** What makes a query hold the row that it reads until its transaction ends. SQLite's writers are alone anyhow. */
    final String lock;

    Dialect(String identity, String lock) {
        this.identity = identity;
        this.lock = lock;
    }
}
