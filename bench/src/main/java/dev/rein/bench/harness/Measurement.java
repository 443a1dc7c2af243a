package dev.rein.bench.harness;

import java.util.List;
import java.util.function.Consumer;

/** Something that is measured, together with its floor. */
public interface Measurement {

    /** What it is, in a few words. */
    String title();

    /**
     * Measures.
     *
     * @param notes takes a sentence about anything that the reader of the figures must know, such as a limit of the machine
     * @throws Exception if it could not be measured; a missed goal is no failure
     */
    List<Row> measure(Consumer<String> notes) throws Exception;
}
