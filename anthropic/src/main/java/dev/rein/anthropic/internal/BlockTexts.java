package dev.rein.anthropic.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The texts of the blocks of one kind, one behind the other. The text of a block is delivered once the blocks before it have ended: some
 * servers interleave them. Confined to one thread.
 */
final class BlockTexts {
    private final String separator;
    private final Consumer<String> delivery;
    private final List<ContentBlock> waiting = new ArrayList<>(1);
    private final StringBuilder text = new StringBuilder();

    /** The block whose text is delivered as it arrives, counted among those that wait. */
    private int current;

    private int deliveredOfCurrent;

    /** @param separator between the texts of two blocks */
    BlockTexts(String separator, Consumer<String> delivery) {
        this.separator = separator;
        this.delivery = delivery;
    }

    /** Adds a block behind the others. */
    void begin(ContentBlock block) {
        waiting.add(block);
    }

    /** Delivers what the blocks have received, as far as those before them have ended. */
    void deliver() {
        while (current < waiting.size()) {
            var block = waiting.get(current);
            var further = block.text().substring(deliveredOfCurrent);
            if (!further.isEmpty()) {
                var delta = deliveredOfCurrent == 0 && !text.isEmpty() ? separator + further : further;
                deliveredOfCurrent += further.length();
                text.append(delta);
                delivery.accept(delta);
            }
            if (!block.isEnded()) {
                return;
            }
            current++;
            deliveredOfCurrent = 0;
        }
    }

    /** Whether the text of the block can still grow in its place. */
    boolean isOpen(ContentBlock block) {
        return waiting.indexOf(block) >= current;
    }

    /** All that has been delivered. */
    @Override
    public String toString() {
        return text.toString();
    }
}
