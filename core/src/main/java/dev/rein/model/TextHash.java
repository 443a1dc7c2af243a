package dev.rein.model;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A hash of a text as letters and digits. */
final class TextHash {
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private TextHash() {}

    /** 32 letters and digits, the same for the same text. Texts that differ only in half a surrogate pair have different hashes. */
    static String of(String text) {
        var bytes = ByteBuffer.allocate(2 * text.length());
        text.chars().forEach(each -> bytes.putChar((char) each));
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(bytes.array());
            var digits = new StringBuilder(hash.length);
            for (var each : hash) {
                digits.append(DIGITS.charAt((each & 0xFF) % DIGITS.length()));
            }
            return digits.toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
