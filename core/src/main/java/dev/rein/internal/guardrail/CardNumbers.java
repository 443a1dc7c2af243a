package dev.rein.internal.guardrail;

import dev.rein.cancel.Cancellation;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds numbers of payment cards in a plain text: 13 to 19 digits of a known network with the right check digit (Luhn, ISO/IEC 7812),
 * in groups that are separated by at most three characters.
 */
final class CardNumbers {
    private static final int MIN_DIGITS = 13;
    private static final int MAX_DIGITS = 19;
    private static final int MAX_SEPARATOR = 3;
    private static final String SEPARATORS = " -._/\t\r\n*|,:";

    /**
     * A group of digits.
     *
     * @param start its first digit
     * @param end behind its last digit
     * @param linked whether only separators are between it and the group before it
     */
    private record Group(int start, int end, boolean linked) {
        int length() {
            return end - start;
        }
    }

    private final String text;
    private final List<Group> groups = new ArrayList<>();

    private CardNumbers(String text) {
        this.text = text;
        var lastEnd = -1;
        for (var at = 0; at < text.length(); ) {
            if (!isDigit(text.charAt(at))) {
                at++;
                continue;
            }
            var start = at;
            while (at < text.length() && isDigit(text.charAt(at))) {
                at++;
            }
            groups.add(new Group(start, at, lastEnd >= 0 && isSeparator(lastEnd, start)));
            lastEnd = at;
        }
    }

    static List<Finding> in(String text, Cancellation cancellation) {
        var numbers = new CardNumbers(text);
        var found = new ArrayList<Finding>();
        for (var first = 0; first < numbers.groups.size(); first++) {
            cancellation.throwIfCancelled();
            var last = numbers.lastGroup(first);
            if (last >= 0) {
                found.add(new Finding(
                        numbers.groups.get(first).start(),
                        numbers.groups.get(last).end()));
                first = last;
            }
        }
        return found;
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    private boolean isSeparator(int from, int to) {
        if (to - from > MAX_SEPARATOR) {
            return false;
        }
        for (var at = from; at < to; at++) {
            if (SEPARATORS.indexOf(text.charAt(at)) < 0) {
                return false;
            }
        }
        return true;
    }

    /** The last group of a number that begins with a group; -1 if there is none. */
    private int lastGroup(int first) {
        var digits = new StringBuilder();
        var apart = true;
        for (var at = first; at < groups.size(); at++) {
            var group = groups.get(at);
            if (at > first && !group.linked()) {
                return -1;
            }
            apart &= group.length() == 1;
            // Other groups of one or two digits are a list of numbers, except for the last one.
            var isShort = group.length() < 3 && !apart && digits.length() + group.length() < MIN_DIGITS;
            if (digits.length() + group.length() > MAX_DIGITS || isShort) {
                return -1;
            }
            digits.append(text, group.start(), group.end());
            var isInside = apart
                    && at + 1 < groups.size()
                    && groups.get(at + 1).linked()
                    && groups.get(at + 1).length() == 1;
            if (digits.length() >= MIN_DIGITS && !isInside && isCard(digits)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean isCard(CharSequence digits) {
        return "23456".indexOf(digits.charAt(0)) >= 0
                && digits.chars().distinct().count() > 1
                && hasCheckDigit(digits);
    }

    private static boolean hasCheckDigit(CharSequence digits) {
        var sum = 0;
        for (var i = 0; i < digits.length(); i++) {
            var digit = digits.charAt(digits.length() - 1 - i) - '0';
            var weighted = i % 2 == 0 ? digit : digit * 2;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }
        return sum % 10 == 0;
    }
}
