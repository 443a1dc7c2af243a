package dev.rein.tools.file;

import dev.rein.tool.ToolArgumentException;

/**
 * A text in which another one was replaced.
 *
 * @param count how often
 */
record Edit(String text, int count) {
    /**
     * Replaces a text.
     *
     * @param maxLength the maximum length of the result, in characters
     * @throws ToolArgumentException if the old text does not occur, or more than once although only one is meant, or the result is too long
     */
    static Edit of(String text, String oldText, String newText, boolean all, int maxLength) {
        var count = count(text, oldText);
        if (count == 0 && text.contains("\r\n") && oldText.contains("\n") && !oldText.contains("\r")) {
            // The model reads and writes lines without the end of those of Windows.
            return of(
                    text,
                    oldText.replace("\n", "\r\n"),
                    newText.replace("\r\n", "\n").replace("\n", "\r\n"),
                    all,
                    maxLength);
        }
        if (count == 0) {
            throw new ToolArgumentException(
                    "\"oldText\" does not occur in the file: read the file, and give the text exactly");
        }
        if (count > 1 && !all) {
            throw new ToolArgumentException("\"oldText\" occurs " + count
                    + " times: give more of what is around it, or set all to true to replace all of them");
        }
        // Before it is made: many occurrences and a long text are more than fits into the memory.
        var length = text.length() + (long) count * (newText.length() - oldText.length());
        if (length > maxLength) {
            throw new ToolArgumentException(
                    "the text would have " + length + " characters: at most " + maxLength + " bytes can be written");
        }
        return new Edit(text.replace(oldText, newText), count);
    }

    private static int count(String text, String part) {
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }
}
