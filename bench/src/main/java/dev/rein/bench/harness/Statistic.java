package dev.rein.bench.harness;

/** Which figure of a row its goal and its floor refer to. A row's name ends with it, unless it is the 99th percentile. */
public enum Statistic {
    P50(" (p50)"),
    P99(""),
    MAX(" (max)");

    private final String suffix;

    Statistic(String suffix) {
        this.suffix = suffix;
    }

    /** What a row's name ends with. */
    public String suffix() {
        return suffix;
    }

    static Statistic ofName(String name) {
        if (name.endsWith(P50.suffix)) {
            return P50;
        }
        return name.endsWith(MAX.suffix) ? MAX : P99;
    }

    double of(Samples samples) {
        return switch (this) {
            case P50 -> samples.percentile(50);
            case P99 -> samples.percentile(99);
            case MAX -> samples.max();
        };
    }
}
