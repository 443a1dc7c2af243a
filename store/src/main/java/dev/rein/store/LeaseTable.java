package dev.rein.store;

import org.jdbi.v3.core.Handle;

/** The rows of leases: one for each process that has runs. */
final class LeaseTable {
    private final Dialect dialect;
    private final long leaseMillis;

    LeaseTable(Dialect dialect, long leaseMillis) {
        this.dialect = dialect;
        this.leaseMillis = leaseMillis;
    }

    void join(Handle handle, String owner) {
        handle.createUpdate("insert into rein_owners (owner, until) values (:owner, " + dialect.now + " + :lease)")
                .bind("owner", Plain.id("owner", owner))
                .bind("lease", leaseMillis)
                .execute();
    }

    /** @return false if it is gone */
    boolean renew(Handle handle, String owner) {
        return handle.createUpdate("update rein_owners set until = " + dialect.now + " + :lease where owner = :owner")
                        .bind("owner", owner)
                        .bind("lease", leaseMillis)
                        .execute()
                == 1;
    }

    void leave(Handle handle, String owner) {
        handle.createUpdate("delete from rein_owners where owner = :owner")
                .bind("owner", owner)
                .execute();
    }

    /**
     * Ends a lease that is over, for good: its owner can't renew it any more.
     *
     * @return false if it lasts
     */
    boolean bury(Handle handle, String owner) {
        handle.createUpdate("delete from rein_owners where owner = :owner and until <= " + dialect.now)
                .bind("owner", owner)
                .execute();
        return !lasts(handle, owner);
    }

    boolean lasts(Handle handle, String owner) {
        return handle.createQuery("select 1 from rein_owners where owner = :owner and until > " + dialect.now)
                .bind("owner", owner)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }
}
