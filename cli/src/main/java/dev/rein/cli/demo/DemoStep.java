package dev.rein.cli.demo;

/** One thing that {@code rein demo} shows. */
interface DemoStep {
    /** A few words for the heading and the table. */
    String title();

    /** Shows it. Does not throw for a run that is stopped or fails: the result says so. */
    DemoResult run(DemoSetting setting);
}
