package dev.rein.store;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/** Brings the tables up to date with Flyway, which applications that do that themselves need not have. */
final class Migration {
    private static final int TRIES = 5;
    private static final Object MIGRATING = new Object();

    private Migration() {}

    /** Another process may migrate at the same time, and SQLite has no lock for that: then the next attempt finds it done. */
    static void migrate(DataSource source, Dialect dialect) {
        var flyway = Flyway.configure(Migration.class.getClassLoader())
                .dataSource(source)
                .locations("classpath:dev/rein/store/migration")
                .table("rein_schema_history")
                .placeholders(dialect.placeholders())
                // A database with tables of others is fine.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load();
        synchronized (MIGRATING) {
            for (var tries = 1; ; tries++) {
                try {
                    refuseLaterSchema(flyway);
                    flyway.migrate();
                    return;
                } catch (FlywayException e) {
                    if (tries == TRIES) {
                        throw e;
                    }
                }
            }
        }
    }

    /** Writes of this version could break what a later one has stored. */
    private static void refuseLaterSchema(Flyway flyway) {
        var all = flyway.info();
        for (var each : all.applied()) {
            if (each.getState() == MigrationState.FUTURE_SUCCESS || each.getState() == MigrationState.FUTURE_FAILED) {
                var known = Arrays.stream(all.all())
                        .filter(migration -> migration.getState() == MigrationState.SUCCESS
                                || migration.getState() == MigrationState.PENDING)
                        .map(MigrationInfo::getVersion)
                        .filter(Objects::nonNull)
                        .max(Comparator.naturalOrder());
                throw new StoreException(
                        "its tables have version " + each.getVersion() + ", and this Rein knows them up to "
                                + known.map(Object::toString).orElse("none")
                                + ": a newer Rein has used it. Use that one, or another database",
                        null);
            }
        }
    }
}
