package dev.rein.bench.harness;

import java.util.List;

/** A group with a name and something shared that is closed at its end. */
public abstract class MeasuredGroup implements Group {
    private final String name;
    private final Runnable close;
    private final List<Measurement> measurements;

    /**
     * @param measurements in the order in which to make them
     * @param close ends what they share
     */
    protected MeasuredGroup(String name, List<? extends Measurement> measurements, Runnable close) {
        this.name = name;
        this.measurements = List.copyOf(measurements);
        this.close = close;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final List<Measurement> measurements() {
        return measurements;
    }

    @Override
    public final void close() {
        close.run();
    }
}
