package dev.rein.embedding;

import java.util.List;

/** Splits texts into requests that are limited by the number of texts and of characters. */
final class Batches {
    /** Providers limit the tokens of a request, which have at least one character each, and some four on average. */
    private static final int MAX_CHARACTERS = 400_000;

    private final List<String> texts;
    private final int maxTexts;
    private int begin;

    Batches(List<String> texts, int maxTexts) {
        this.texts = texts;
        this.maxTexts = maxTexts;
    }

    /** The next batch; empty if there is none. A text that is longer than the limit is a batch of its own. */
    List<String> next() {
        var end = begin;
        var characters = 0;
        while (end < texts.size() && end - begin < maxTexts) {
            characters += texts.get(end).length();
            if (characters > MAX_CHARACTERS && end > begin) {
                break;
            }
            end++;
        }
        var batch = texts.subList(begin, end);
        begin = end;
        return List.copyOf(batch);
    }
}
