package dev.rein.spring;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of Rein apart from models and AgentOS. Immutable.
 *
 * @param store where sessions and runs are stored
 * @param runs the limits and the shutdown of runs
 * @param context what a run keeps of the thread that starts it
 */
@ConfigurationProperties("rein")
public record ReinProperties(
        @DefaultValue Store store,
        @DefaultValue Runs runs,
        @DefaultValue Context context) {

    /** Kinds of stores. */
    public enum StoreType {
        /** A file if one is set, else the application's database, else memory. */
        AUTO,
        /** The application's database. */
        JDBC,
        /** An SQLite file. */
        SQLITE,
        /** Memory, which is lost when the process ends. */
        MEMORY,
        /** None. */
        NONE
    }

    /**
     * Where sessions and runs are stored.
     *
     * @param type the kind of store
     * @param file the SQLite file
     * @param dataSource the name of the data source bean, if there are several
     * @param migrate whether to create the tables of Rein in the application's database and bring them up to date
     * @param lease how long a process may be silent before others that share the store consider it dead
     */
    public record Store(
            @DefaultValue("auto") StoreType type,
            @Nullable Path file,
            @Nullable String dataSource,
            @DefaultValue("true") boolean migrate,
            @DefaultValue("10s") Duration lease) {
        public Store {
            if (type == StoreType.SQLITE && file == null) {
                throw new IllegalArgumentException(
                        "rein.store.type is sqlite, but rein.store.file is not set: name a file, such as data/rein.db");
            }
            if (file != null && type != StoreType.SQLITE && type != StoreType.AUTO) {
                throw new IllegalArgumentException("rein.store.file is " + file + ", but rein.store.type is "
                        + PropertyText.of(type) + ": set the type to sqlite, or leave one of them out");
            }
            if (dataSource != null && type != StoreType.JDBC && type != StoreType.AUTO) {
                throw new IllegalArgumentException("rein.store.data-source is " + dataSource
                        + ", but rein.store.type is " + PropertyText.of(type)
                        + ": set the type to jdbc, or leave one of them out");
            }
            if (dataSource != null && file != null) {
                throw new IllegalArgumentException("rein.store.data-source is " + dataSource
                        + ", and rein.store.file is " + file + ": set one of them");
            }
            PropertyText.requirePositive("rein.store.lease", lease);
        }
    }

    /**
     * The limits and the shutdown of runs.
     *
     * @param maxConcurrent the maximum number of background runs that work at once; unlimited if not set
     * @param maxQueued the maximum number of background runs that wait for their turn
     * @param drain how long live runs may continue when the application shuts down, before they are cancelled
     * @param close how long the shutdown waits for the ends of cancelled runs
     * @param watchdog whether code that occupies all carrier threads gets further ones
     */
    public record Runs(
            @Nullable Integer maxConcurrent,
            @DefaultValue("1000") int maxQueued,
            @DefaultValue("20s") Duration drain,
            @DefaultValue("10s") Duration close,
            @DefaultValue("true") boolean watchdog) {
        public Runs {
            if (maxConcurrent != null && maxConcurrent < 1) {
                throw new IllegalArgumentException("rein.runs.max-concurrent is " + maxConcurrent
                        + ": give at least 1, or leave it out for no limit");
            }
            if (maxQueued < 0) {
                throw new IllegalArgumentException("rein.runs.max-queued is " + maxQueued + ": give at least 0");
            }
            PropertyText.requireNotNegative("rein.runs.drain", drain);
            PropertyText.requireNotNegative("rein.runs.close", close);
        }
    }

    /**
     * What a run keeps of the thread that starts it, for its tools, hooks, model requests and steps.
     *
     * @param mdc whether it keeps the logging context, with the ids of the run and its session
     * @param security whether it keeps Spring Security's context
     * @param threadLocals whether it keeps the thread locals that Micrometer's context propagation knows
     */
    public record Context(
            @DefaultValue("true") boolean mdc,
            @DefaultValue("true") boolean security,
            @DefaultValue("true") boolean threadLocals) {}
}
