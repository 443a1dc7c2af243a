package dev.rein.print;

/** What is printed in a section. */
sealed interface Item {
    /** More text of the run. */
    record Text(String text) implements Item {}

    /** The text of the run ends, or continues only after something else. */
    record EndOfText() implements Item {}

    /** The heading of the section, even if it is the one that was printed last. */
    record Heading() implements Item {}

    record Line(Style style, String line) implements Item {}

    /** The line of a call, which its end may continue. */
    record CallStarted(String callId, String line) implements Item {}

    /**
     * The end of a call.
     *
     * @param took how long it took
     * @param line the line that says so if that of the start can't be continued
     */
    record CallEnded(String callId, String took, String line) implements Item {}
}
