package dev.rein.store;

import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The table of leases: one row for each process that has runs. */
final class LeaseTable {
    private final Dialect dialect;
    private final long leaseMillis;

    LeaseTable(Dialect dialect, long leaseMillis) {
        this.dialect = dialect;
        this.leaseMillis = leaseMillis;
    }

    void register(Handle handle, String owner) {
        handle.createUpdate("insert into rein_owners (owner, until) values (:owner, " + dialect.currentMillis
                        + " + :lease)")
                .bind("owner", ColumnText.id("owner", owner))
                .bind("lease", leaseMillis)
                .execute();
    }

    /** @return false if the owner has no lease */
    boolean renew(Handle handle, String owner) {
        return handle.createUpdate("update rein_owners set until = " + dialect.currentMillis
                                + " + :lease where owner = :owner")
                        .bind("owner", owner)
                        .bind("lease", leaseMillis)
                        .execute()
                == 1;
    }

    void deregister(Handle handle, String owner) {
        handle.createUpdate("delete from rein_owners where owner = :owner")
                .bind("owner", owner)
                .execute();
        handle.createUpdate("delete from rein_deleted_runs where owner = :owner")
                .bind("owner", owner)
                .execute();
        handle.createUpdate("delete from rein_lost_runs where owner = :owner")
                .bind("owner", owner)
                .execute();
    }

    /** Notifies the owner of a run. @return it, for a database that notifies nobody */
    List<String> notifyOwnerOf(Handle handle, String runId) {
        var owner = "select owner from rein_runs where run_id = :id and owner is not null";
        var query = dialect.notifyOwner == null
                ? owner
                : "select owner from (" + owner + ") followed, lateral pg_notify('" + PostgresNotifications.CHANNEL
                        + "', followed.owner) notified";
        return handle.createQuery(query)
                .bind("id", ColumnText.id("run id", runId))
                .mapTo(String.class)
                .list();
    }

    /**
     * A run has gone from one owner to another, or was ended: notes that the former one is to hear of it. Those before that, which
     * have not heard of it yet, still will.
     *
     * @param former the owner until now; null for none
     * @param owner the owner from now on; null for none
     */
    void lost(Handle handle, String runId, @Nullable String former, @Nullable String owner) {
        if (former != null && !former.equals(owner)) {
            handle.createUpdate("""
                insert into rein_lost_runs (run_id, owner) values (:id, :owner) on conflict (run_id, owner) do nothing\
                """).bind("id", runId).bind("owner", former).execute();
        }
        if (owner != null) {
            handle.createUpdate("delete from rein_lost_runs where run_id = :id and owner = :owner")
                    .bind("id", runId)
                    .bind("owner", owner)
                    .execute();
        }
    }

    /** Root runs are deleted: nobody has to hear any more who has them. */
    void forgetRuns(Handle handle, Collection<String> runIds) {
        var batch = handle.prepareBatch("delete from rein_lost_runs where run_id = :id");
        runIds.forEach(id -> batch.bind("id", id).add());
        if (!runIds.isEmpty()) {
            batch.execute();
        }
    }

    /** Removes what is kept for owners that are dead, and have no runs that somebody could end. */
    void forgetDead(Handle handle) {
        handle.execute("""
            delete from rein_deleted_runs where not exists (
                select 1 from rein_owners lease
                where lease.owner = rein_deleted_runs.owner and lease.until > %s)\
            """.formatted(dialect.currentMillis));
    }

    /**
     * Removes an expired lease, so that its owner can't renew it any more.
     *
     * @return false if the lease lasts
     */
    boolean removeExpired(Handle handle, String owner) {
        handle.createUpdate("delete from rein_owners where owner = :owner and until <= " + dialect.currentMillis)
                .bind("owner", owner)
                .execute();
        var isDead = !lasts(handle, owner);
        if (isDead) {
            handle.createUpdate("delete from rein_lost_runs where owner = :owner")
                    .bind("owner", owner)
                    .execute();
        }
        return isDead;
    }

    boolean lasts(Handle handle, String owner) {
        return handle.createQuery("select 1 from rein_owners where owner = :owner and until > " + dialect.currentMillis)
                .bind("owner", owner)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }
}
