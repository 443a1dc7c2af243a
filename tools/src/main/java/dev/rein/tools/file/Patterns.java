package dev.rein.tools.file;

import dev.rein.tool.ToolArgumentException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Patterns that a model gives. */
final class Patterns {
    private static final int MAX_LENGTH = 1_000;

    private Patterns() {}

    static Pattern regex(String text) {
        requireShort(text);
        try {
            return Pattern.compile(text, Pattern.MULTILINE);
        } catch (PatternSyntaxException e) {
            throw new ToolArgumentException("the pattern \"" + text + "\" is not a regular expression: "
                    + e.getDescription() + "; put a backslash before characters that mean themselves");
        } catch (StackOverflowError e) {
            throw new ToolArgumentException("the pattern is nested too deep: give a simpler one");
        }
    }

    /** A pattern of paths with {@code *}, {@code **}, {@code ?}, {@code [..]} and <code>{..,..}</code>; without a slash, of names. */
    static Pattern glob(String text) {
        requireShort(text);
        var regex = new StringBuilder(text.contains("/") ? "" : "(?:.*/)?");
        var inBraces = 0;
        var from = text.startsWith("/") ? 1 : text.startsWith("./") ? 2 : 0;
        for (int i = from; i < text.length(); i++) {
            var c = text.charAt(i);
            switch (c) {
                case '*' -> {
                    if (text.startsWith("**/", i)) {
                        regex.append("(?:.*/)?");
                        i += 2;
                    } else if (text.startsWith("**", i)) {
                        regex.append(".*");
                        i += 1;
                    } else {
                        regex.append("[^/]*");
                    }
                }
                case '?' -> regex.append("[^/]");
                case '[' -> i = characters(text, i, regex);
                case '{' -> {
                    regex.append("(?:");
                    inBraces++;
                }
                case '}' -> {
                    regex.append(inBraces > 0 ? ")" : "\\}");
                    inBraces = Math.max(0, inBraces - 1);
                }
                case ',' -> regex.append(inBraces > 0 ? "|" : ",");
                default -> {
                    var character = Character.toString(text.codePointAt(i));
                    regex.append(Pattern.quote(character));
                    i += character.length() - 1;
                }
            }
        }
        if (inBraces > 0) {
            throw new ToolArgumentException("the glob \"" + text + "\" has a \"{\" without a \"}\": add it");
        }
        try {
            return Pattern.compile(regex.toString(), Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            throw new ToolArgumentException("the glob \"" + text + "\" is not valid: " + e.getDescription());
        }
    }

    /**
     * Appends a class of characters.
     *
     * @return the index of its end
     */
    private static int characters(String text, int start, StringBuilder regex) {
        var end = text.indexOf(']', start + 2);
        if (end < 0) {
            regex.append("\\[");
            return start;
        }
        var inner = text.substring(start + 1, end);
        var negated = inner.startsWith("!") || inner.startsWith("^");
        regex.append(negated ? "[^/" : "[");
        for (var c : inner.substring(negated ? 1 : 0).toCharArray()) {
            regex.append(c == '-' || Character.isLetterOrDigit(c) ? "" : "\\").append(c);
        }
        regex.append("]");
        return end;
    }

    private static void requireShort(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            throw new ToolArgumentException(
                    "the pattern has " + text.length() + " characters: give 1 to " + MAX_LENGTH);
        }
    }
}
