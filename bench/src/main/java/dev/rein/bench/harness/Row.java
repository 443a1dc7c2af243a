package dev.rein.bench.harness;

import org.jspecify.annotations.Nullable;

/**
 * One line of the table, and one object of the JSON, whose keys are these components.
 *
 * @param group the group it belongs to
 * @param name what was measured; its end says which figure {@code floor} and {@code goal} refer to, see {@link Statistic}
 * @param unit of all figures but {@code n}
 * @param n how many values were measured
 * @param p50 half of them are not above this
 * @param p95 95 % of them are not above this
 * @param p99 99 % of them are not above this
 * @param max the largest
 * @param floor the same figure of the same thing without Rein, measured in the same run; null where none makes sense
 * @param goal what the figure may at most be; null for none
 */
public record Row(
        String group,
        String name,
        String unit,
        long n,
        double p50,
        double p95,
        double p99,
        double max,
        @Nullable Double floor,
        @Nullable Double goal) {

    /**
     * A row of measured values.
     *
     * @param floor the values of the floor; null where there is none
     * @param goal what {@code judged} may at most be; null for none
     */
    public static Row of(
            String group,
            String name,
            String unit,
            Samples samples,
            @Nullable Samples floor,
            Statistic judged,
            @Nullable Double goal) {
        return new Row(
                group,
                name + judged.suffix(),
                unit,
                samples.count(),
                samples.percentile(50),
                samples.percentile(95),
                samples.percentile(99),
                samples.max(),
                floor == null ? null : judged.of(floor),
                goal);
    }

    /**
     * The same with a goal that depends on the floor: what the floor takes in the same run, and so much more.
     *
     * @param allowance by how much {@code judged} may exceed that of the floor
     */
    public static Row above(
            String group,
            String name,
            String unit,
            Samples samples,
            Samples floor,
            Statistic judged,
            double allowance) {
        return of(group, name, unit, samples, floor, judged, judged.of(floor) + allowance);
    }

    /** The figure that floor and goal refer to. */
    public double judged() {
        return switch (Statistic.ofName(name)) {
            case P50 -> p50;
            case P99 -> p99;
            case MAX -> max;
        };
    }

    /** Whether there is a goal and it was not reached. */
    public boolean missed() {
        return goal != null && judged() > goal;
    }
}
