package dev.rein.cli.demo;

import dev.rein.runtime.Component;
import java.time.Duration;

/** One thing that {@code rein demo} shows: a component, what it is asked, and how it is run. */
interface Demo {
    /** What is asked unless the caller asks something else. */
    String STORY = "Write a very long story about a dragon who learns to code. "
            + "Make it at least 2000 words with detailed descriptions and dialogue. "
            + "Take your time and be very thorough.";

    /** A word for the table; also the name of the command. */
    String title();

    String heading();

    Component component(DemoContext setting);

    default String prompt() {
        return STORY;
    }

    /** When the run is stopped unless the caller says otherwise. */
    Duration cancelAfter();

    /** Whether nobody owns the run's events: it is started, and only followed. */
    default boolean inBackground() {
        return false;
    }
}
