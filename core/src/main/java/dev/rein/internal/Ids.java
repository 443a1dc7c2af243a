package dev.rein.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How ids are made. */
public final class Ids {
    /** These, letters and digits of ASCII stand for themselves in a path and in a scope such as {@code agents:writer:run}. */
    private static final String IN_PATH = "._~!$&'()+,=@-";

    private static final Pattern NOT_IN_PATH = Pattern.compile("[^a-z0-9._~!$&'()+,=@]+");
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern EDGES = Pattern.compile("^-+|-+$");

    private Ids() {}

    /** A fresh id for a run: hard to guess. */
    public static String ofRun() {
        return UUID.randomUUID().toString();
    }

    /**
     * Derives an id that a path can hold from a name: in lower case, with dashes in place of spaces, underscores and other
     * characters, and without accents. Where letters have no Latin form, a hash of the name tells such names apart. Without a
     * name a UUID, which need not be hard to guess.
     */
    public static String ofComponent(@Nullable String name) {
        if (name != null) {
            var id = name.strip().toLowerCase(Locale.ROOT).replace(' ', '-').replace('_', '-');
            return fitsPath(id) ? id : latin(id);
        }
        var random = ThreadLocalRandom.current();
        var high = (random.nextLong() & ~0xF000L) | 0x4000L;
        var low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }

    /** A loop, because each agent that is created comes here, and a matcher would allocate a kilobyte. */
    private static boolean fitsPath(String id) {
        var hasLetterOrDigit = false;
        for (var i = 0; i < id.length(); i++) {
            var c = id.charAt(i);
            if (c < 0x80 && Character.isLetterOrDigit(c)) {
                hasLetterOrDigit = true;
            } else if (IN_PATH.indexOf(c) < 0) {
                return false;
            }
        }
        return hasLetterOrDigit;
    }

    private static String latin(String name) {
        var plain =
                MARKS.matcher(Normalizer.normalize(name, Normalizer.Form.NFKD)).replaceAll("");
        plain = plain.replace("ß", "ss")
                .replace("æ", "ae")
                .replace("ø", "o")
                .replace("ł", "l")
                .replace("đ", "d");
        var id = EDGES.matcher(NOT_IN_PATH.matcher(plain).replaceAll("-")).replaceAll("");
        var isLatin = plain.codePoints().noneMatch(c -> c > 0x7f && Character.isLetterOrDigit(c));
        if (isLatin && fitsPath(id)) {
            return id;
        }
        return (fitsPath(id) ? id + "-" : "") + hash(name);
    }

    private static String hash(String name) {
        try {
            var text = Normalizer.normalize(name, Normalizer.Form.NFC).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text), 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
