package dev.rein.internal.guardrail;

import dev.rein.cancel.Cancellation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Finds personal data in a plain text, see {@link PlainForm}. */
public final class PersonalData {
    private static final Pattern SSN = Pattern.compile(
            "(?<![\\d])(?<!\\d[-./])(?!000|666|9)\\d{3}([ ./\\-_]{1,3})(?!00)\\d{2}([ ./\\-_]{1,3})(?!0000)\\d{4}(?!\\d)(?![-./]\\d)");
    private static final Pattern PLAIN_SSN =
            Pattern.compile("(?<!\\d)(?!000|666|9)\\d{3}(?!00)\\d{2}(?!0000)\\d{4}(?!\\d)");
    /** In the international form, with a plus sign or two zeros. */
    private static final Pattern INTERNATIONAL_PHONE =
            Pattern.compile("(?<![\\d+])(?:\\+|\\(\\+|00(?=[1-9]))\\s?[1-9](?:[ ./\\-_()]{0,3}\\d){6,14}(?!\\d)");
    /** In the form of North America. */
    private static final Pattern AMERICAN_PHONE = Pattern.compile(
            "(?<![\\d.\\-/])(?:1[ .-])?(?:\\(\\s?[0-9]{3}\\s?\\)[ .-]?|[0-9]{3}[ .-])[0-9]{3}[ .-][0-9]{4}(?!\\d)(?![.\\-/]\\d)");
    /** With the zero of a national number, and a separator after the area. */
    private static final Pattern NATIONAL_PHONE = Pattern.compile(
            "(?<![\\d.\\-/:])\\(?0[1-9]\\d{1,4}\\)?[ /-]{1,3}\\d{2,5}(?:[ -]?\\d{2,5}){1,3}(?!\\d)(?![.\\-/]\\d)"
                    + "|(?<![\\d.\\-/:])0[1-9](?:[ .-]\\d{2}){4}(?!\\d)");
    /** Digits without a separator, which only a word before them makes a phone number. */
    private static final Pattern PLAIN_PHONE = Pattern.compile("(?<![\\d.])\\d{7,15}(?!\\d)");

    private static final Pattern PHONE_WORD = Pattern.compile(
            "(?:\\b(?:tel|tele|fax|cell|call|text|sms|ring|dial|handy|rufnummer|phone|telephone|mobile|whatsapp|telefon|telefono|t\u00E9l)\\b|phone number|number is)[^\\d]{0,20}$",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    private static final Pattern IP_V4 = Pattern.compile(
            "(?<![\\d.])(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}(?!\\d)(?!\\.\\d)");
    private static final Pattern IP_V6 = Pattern.compile(
            "(?<![\\p{L}\\d:.])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?:(?<=:)\\d{1,3}(?:\\.\\d{1,3}){3})?(?![\\p{L}\\d:])");

    private PersonalData() {}

    public static List<Finding> emails(String text, Cancellation cancellation) {
        return Emails.in(text, cancellation);
    }

    public static List<Finding> cards(String text, Cancellation cancellation) {
        return CardNumbers.in(text, cancellation);
    }

    public static List<Finding> ibans(String text, Cancellation cancellation) {
        return Ibans.in(text, cancellation);
    }

    public static List<Finding> secrets(String text, Cancellation cancellation) {
        return Secrets.in(text, cancellation);
    }

    /** Social security numbers of the USA, within the ranges that are issued. */
    public static List<Finding> socialSecurityNumbers(String text, Cancellation cancellation) {
        var found = all(SSN, text, cancellation);
        for (var plain : all(PLAIN_SSN, text, cancellation)) {
            var before = before(text, plain.start()).toLowerCase(Locale.ROOT);
            if (before.contains("ssn") || before.contains("social security")) {
                found.add(plain);
            }
        }
        return found;
    }

    public static List<Finding> phones(String text, Cancellation cancellation) {
        var found = all(INTERNATIONAL_PHONE, text, cancellation);
        found.addAll(all(AMERICAN_PHONE, text, cancellation));
        found.addAll(all(NATIONAL_PHONE, text, cancellation));
        for (var plain : all(PLAIN_PHONE, text, cancellation)) {
            if (PHONE_WORD.matcher(before(text, plain.start())).find()) {
                found.add(plain);
            }
        }
        return found;
    }

    /** Addresses of the internet protocol, except for those of the machine itself. */
    public static List<Finding> ipAddresses(String text, Cancellation cancellation) {
        var found = new ArrayList<Finding>();
        for (var each : all(IP_V4, text, cancellation)) {
            var address = text.substring(each.start(), each.end());
            var before = before(text, each.start()).toLowerCase(Locale.ROOT).stripTrailing();
            if (!address.startsWith("127.")
                    && !address.equals("0.0.0.0")
                    && !before.endsWith("version")
                    && !before.endsWith("v")) {
                found.add(each);
            }
        }
        for (var each : all(IP_V6, text, cancellation)) {
            if (isV6(text.substring(each.start(), each.end()))) {
                found.add(each);
            }
        }
        return found;
    }

    /** Times of day and names of C++ have colons too. */
    private static boolean isV6(String text) {
        var groups = text.split(":", -1);
        var filled = 0;
        for (var group : groups) {
            filled += group.isEmpty() ? 0 : 1;
        }
        var shortened = text.contains("::");
        var hasDigit = text.chars().anyMatch(each -> each >= '0' && each <= '9');
        var parts = groups.length + (text.contains(".") ? 1 : 0);
        return shortened
                ? text.indexOf("::") == text.lastIndexOf("::") && filled >= 2 && hasDigit && !text.contains(":::")
                : parts == 8 && filled == groups.length;
    }

    private static String before(String text, int at) {
        return text.substring(Math.max(0, at - 30), at);
    }

    private static List<Finding> all(Pattern pattern, String text, Cancellation cancellation) {
        var found = new ArrayList<Finding>();
        var matcher = pattern.matcher(new StoppableText(text, cancellation));
        while (matcher.find()) {
            found.add(new Finding(matcher.start(), matcher.end()));
        }
        return found;
    }
}
