package dev.rein.internal.guardrail;

import dev.rein.cancel.Cancellation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Pattern;

/** Finds keys, tokens and passwords in a plain text: by the prefixes of their issuers, by the name before them, and by their entropy. */
final class Secrets {
    private static final Pattern KNOWN = Pattern.compile("(?<![A-Za-z0-9])(?:"
            + "sk-(?:proj-|ant-|or-|svcacct-|live-|test-)?[A-Za-z0-9_-]{16,200}"
            + "|[srp]k_(?:live|test)_[A-Za-z0-9]{10,200}|whsec_[A-Za-z0-9+/=]{16,200}"
            + "|gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{22,255}|glpat-[A-Za-z0-9_-]{20,100}"
            + "|(?:AKIA|ASIA|AGPA|AROA|AIDA|ANPA)[A-Z0-9]{16}(?![A-Z0-9])|AIza[A-Za-z0-9_-]{35}|ya29\\.[A-Za-z0-9_-]{20,500}"
            + "|xox[abeoprs]-[A-Za-z0-9-]{10,250}|xapp-[A-Za-z0-9-]{20,250}|hf_[A-Za-z0-9]{30,100}|npm_[A-Za-z0-9]{36}"
            + "|pypi-[A-Za-z0-9_-]{40,500}|SG\\.[A-Za-z0-9_-]{16,64}\\.[A-Za-z0-9_-]{16,64}|dop_v1_[a-f0-9]{64}"
            + "|key-[a-f0-9]{32}|AC[a-f0-9]{32}|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|gsk_[A-Za-z0-9]{40,100}|xai-[A-Za-z0-9]{40,100}"
            + "|eyJ[A-Za-z0-9_-]{8,4000}\\.eyJ[A-Za-z0-9_-]{8,8000}\\.[A-Za-z0-9_-]{8,4000})");
    private static final Pattern PRIVATE_KEY = Pattern.compile(
            "-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----[A-Za-z0-9+/=\\s:,.\\\\-]{0,20000}?(?:-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----|\\z)");
    private static final Pattern NAMED = Pattern.compile(
            "(?:password|passwd|passphrase|pwd|secret|token|api[ _-]?key|access[ _-]?key|private[ _-]?key|client[ _-]?secret|credentials?)"
                    + "[\"']?\\s{0,3}(?:=|:|=>|\\bis\\b)\\s{0,3}[\"']?([^\\s\"',;]{8,200})",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern BEARER =
            Pattern.compile("\\b(?:Bearer|Basic)\\s{1,3}([A-Za-z0-9._~+/=-]{16,4000})", Pattern.CASE_INSENSITIVE);
    private static final Pattern URL_PASSWORD =
            Pattern.compile("[a-z][a-z0-9+.-]{1,20}://[^\\s:/@]{0,100}:([^\\s/@]{3,200})@", Pattern.CASE_INSENSITIVE);
    private static final Pattern TOKEN =
            Pattern.compile("(?<![A-Za-z0-9_+/=.-])[A-Za-z0-9_+/-]{32,500}={0,2}(?![A-Za-z0-9_+/=-])");

    /** More than hexadecimal digits can have, whose maximum is 4. */
    private static final double MIN_ENTROPY = 4.2;

    private static final double MIN_NAMED_ENTROPY = 2.5;

    private Secrets() {}

    static List<Finding> in(String text, Cancellation cancellation) {
        var found = new ArrayList<Finding>();
        add(found, KNOWN, 0, text, cancellation);
        add(found, PRIVATE_KEY, 0, text, cancellation);
        add(found, URL_PASSWORD, 1, text, cancellation);
        var bearer = BEARER.matcher(new StoppableText(text, cancellation));
        while (bearer.find()) {
            if (entropy(bearer.group(1)) >= MIN_NAMED_ENTROPY && hasDigit(bearer.group(1))) {
                found.add(new Finding(bearer.start(1), bearer.end(1)));
            }
        }
        var named = NAMED.matcher(new StoppableText(text, cancellation));
        while (named.find()) {
            var value = named.group(1);
            // A word such as "required" is no password that somebody has written down.
            if (entropy(value) >= MIN_NAMED_ENTROPY && (hasDigit(value) || hasSymbol(value)) && !isPlaceholder(value)) {
                found.add(new Finding(named.start(1), named.end(1)));
            }
        }
        var token = TOKEN.matcher(new StoppableText(text, cancellation));
        while (token.find()) {
            if (isRandom(token.group())) {
                found.add(new Finding(token.start(), token.end()));
            }
        }
        return found;
    }

    private static void add(List<Finding> found, Pattern pattern, int group, String text, Cancellation cancellation) {
        var matcher = pattern.matcher(new StoppableText(text, cancellation));
        while (matcher.find()) {
            found.add(new Finding(matcher.start(group), matcher.end(group)));
        }
    }

    /** Paths and long identifiers have few digits, or none. */
    private static boolean isRandom(String token) {
        var digits = token.chars().filter(each -> each >= '0' && each <= '9').count();
        var slashes = token.chars().filter(each -> each == '/').count();
        return digits >= 2
                && slashes * 12 <= token.length()
                && token.chars().anyMatch(each -> each >= 'a' && each <= 'z')
                && token.chars().anyMatch(each -> each >= 'A' && each <= 'Z')
                && entropy(token) >= (digits * 20 >= token.length() ? MIN_ENTROPY : MIN_ENTROPY + 0.3);
    }

    private static boolean hasDigit(String text) {
        return text.chars().anyMatch(each -> each >= '0' && each <= '9');
    }

    private static boolean hasSymbol(String text) {
        return text.chars().anyMatch(each -> "!@#$%^&*+?~".indexOf(each) >= 0);
    }

    private static boolean isPlaceholder(String value) {
        return value.startsWith("<")
                || value.startsWith("${")
                || value.startsWith("{{")
                || value.startsWith("[")
                || value.contains("(");
    }

    /** The entropy of the characters of a text, in bits for each. */
    static double entropy(String text) {
        var counts = new HashMap<Integer, Integer>();
        text.chars().forEach(each -> counts.merge(each, 1, Integer::sum));
        return counts.values().stream()
                .mapToDouble(count -> {
                    var share = (double) count / text.length();
                    return -share * Math.log(share) / Math.log(2);
                })
                .sum();
    }
}
