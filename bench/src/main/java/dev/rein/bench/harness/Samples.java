package dev.rein.bench.harness;

import java.util.Arrays;

/** Measured values of one kind. Not thread-safe. */
public final class Samples {
    private double[] values = new double[64];
    private int count;
    private boolean sorted = true;

    /** Samples of given values. */
    public static Samples of(double... values) {
        var samples = new Samples();
        for (var value : values) {
            samples.add(value);
        }
        return samples;
    }

    public void add(double value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, count * 2);
        }
        values[count++] = value;
        sorted = false;
    }

    /** How many there are. */
    public int count() {
        return count;
    }

    /**
     * The smallest value that at least this share of all values do not exceed (nearest rank): always a value that was
     * measured, never one in between.
     *
     * @param percent more than 0, at most 100
     * @throws IllegalStateException if there is no value
     */
    public double percentile(double percent) {
        if (count == 0) {
            throw new IllegalStateException("nothing was measured, so there is no percentile");
        }
        if (!(percent > 0 && percent <= 100)) {
            throw new IllegalArgumentException("percent is " + percent + ": give more than 0 and at most 100");
        }
        if (!sorted) {
            Arrays.sort(values, 0, count);
            sorted = true;
        }
        return values[(int) Math.ceil(percent / 100 * count) - 1];
    }

    public double max() {
        return percentile(100);
    }
}
