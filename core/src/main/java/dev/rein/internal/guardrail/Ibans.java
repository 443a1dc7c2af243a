package dev.rein.internal.guardrail;

import dev.rein.cancel.Cancellation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Finds international bank account numbers in a plain text: of a country's length and with the right check digits (ISO 13616). */
final class Ibans {
    private static final String LENGTHS =
            "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18"
                    + " DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30"
                    + " KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28"
                    + " PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20"
                    + " YE30";
    private static final Map<String, Integer> LENGTH_BY_COUNTRY = new HashMap<>();

    static {
        for (var each : LENGTHS.split(" ", -1)) {
            LENGTH_BY_COUNTRY.put(each.substring(0, 2), Integer.valueOf(each.substring(2)));
        }
    }

    private Ibans() {}

    static List<Finding> in(String text, Cancellation cancellation) {
        var found = new ArrayList<Finding>();
        for (var at = 0; at + 4 < text.length(); at++) {
            if (isLetter(text.charAt(at))
                    && isLetter(text.charAt(at + 1))
                    && (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)))) {
                cancellation.throwIfCancelled();
                var end = end(text, at);
                if (end > 0) {
                    found.add(new Finding(at, end));
                    at = end - 1;
                }
            }
        }
        return found;
    }

    private static boolean isLetter(char character) {
        return (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z');
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    /** The end of the number that begins at a place; -1 if none does. */
    private static int end(String text, int start) {
        var length = LENGTH_BY_COUNTRY.get(text.substring(start, start + 2).toUpperCase(Locale.ROOT));
        if (length == null) {
            return -1;
        }
        var number = new StringBuilder();
        var at = start;
        for (var separators = 0; at < text.length() && number.length() < length; at++) {
            var character = text.charAt(at);
            if (isLetter(character) || isDigit(character)) {
                number.append(character);
                separators = 0;
            } else if (" -.\t\n\r_/:".indexOf(character) < 0 || ++separators > 3) {
                return -1;
            }
        }
        var isWhole = number.length() == length && (at == text.length() || !isDigit(text.charAt(at)));
        return isWhole && hasCheckDigits(number.toString().toUpperCase(Locale.ROOT)) ? at : -1;
    }

    private static boolean hasCheckDigits(String number) {
        if (!isDigit(number.charAt(2)) || !isDigit(number.charAt(3))) {
            return false;
        }
        var rest = 0;
        for (var i = 0; i < number.length(); i++) {
            var value = Character.digit(number.charAt((i + 4) % number.length()), 36);
            rest = (value > 9 ? rest * 100 + value : rest * 10 + value) % 97;
        }
        return rest == 1;
    }
}
