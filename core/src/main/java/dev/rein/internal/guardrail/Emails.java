package dev.rein.internal.guardrail;

import dev.rein.cancel.Cancellation;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Finds addresses of electronic mail in a plain text, also those with "(at)" and "[dot]". */
final class Emails {
    private static final int MAX_LOCAL = 64;
    private static final Pattern AT = Pattern.compile(
            "(?<!\\s)@(?!\\s)|\\s@\\s|\\s{0,2}[\\[({<]\\s?(?:at|@)\\s?[\\])}>]\\s{0,2}|(?<=[\\p{L}\\p{N}])\\s(?:at|AT)\\s(?=[\\p{L}\\p{N}-]{1,63}\\s(?:dot|DOT)\\s)",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern DOMAIN = Pattern.compile(
            "(?:[\\p{L}\\p{N}-]{1,63}(?:\\.|\\s?[\\[({<]\\s?(?:dot|\\.)\\s?[\\])}>]\\s?|\\s(?:dot|DOT)\\s)){1,8}[\\p{L}]{2,24}(?![\\p{L}\\p{N}])"
                    + "|(?:[\\p{L}\\p{N}-]{1,63}\\.){1,8}xn--[a-z0-9-]{2,59}|\\[\\d{1,3}(?:\\.\\d{1,3}){3}\\]",
            Pattern.CASE_INSENSITIVE);

    private Emails() {}

    static List<Finding> in(String text, Cancellation cancellation) {
        var found = new ArrayList<Finding>();
        var at = AT.matcher(new StoppableText(text, cancellation));
        var domain = DOMAIN.matcher(new StoppableText(text, cancellation));
        while (at.find()) {
            var start = at.start();
            while (start > 0 && at.start() - start < MAX_LOCAL && isLocal(text.charAt(start - 1))) {
                start--;
            }
            if (start < at.start() && domain.region(at.end(), text.length()).lookingAt()) {
                found.add(new Finding(start, domain.end()));
            }
        }
        return found;
    }

    private static boolean isLocal(char character) {
        return Character.isLetterOrDigit(character) || "._%+-'!#$&*/=?^`{|}~".indexOf(character) >= 0;
    }
}
