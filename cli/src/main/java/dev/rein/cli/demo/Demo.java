package dev.rein.cli.demo;

import dev.rein.runtime.Component;
import java.time.Duration;

/** A demo of {@code rein demo}: a component, its prompt and how it is run. */
interface Demo {
    /** The default prompt. */
    String STORY = "Write a very long story about a dragon who learns to code. "
            + "Make it at least 2000 words with detailed descriptions and dialogue. "
            + "Take your time and be very thorough.";

    /** The title in the table and name of the command. */
    String title();

    String heading();

    Component component(DemoContext context);

    default String prompt() {
        return STORY;
    }

    /** The default time after which the run is cancelled. */
    Duration cancelAfter();

    /** Whether the run is a background run. */
    default boolean inBackground() {
        return false;
    }
}
