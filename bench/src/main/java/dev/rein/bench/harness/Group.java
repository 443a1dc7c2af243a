package dev.rein.bench.harness;

import java.util.List;

/** Measurements that belong together, and what they share, such as a server in another process. */
public interface Group extends AutoCloseable {

    /** The name that the command line knows it by. */
    String name();

    /** In the order in which to make them, one after the other. */
    List<Measurement> measurements();

    /** Ends what they share. */
    @Override
    void close();
}
