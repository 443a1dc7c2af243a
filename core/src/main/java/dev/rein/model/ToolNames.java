package dev.rein.model;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names of the tools in a request, as servers accept them: models invent names such as {@code multi_tool_use.parallel}, and a
 * server refuses every later request that contains one. The same name becomes the same one each time, and no two names become one.
 */
final class ToolNames {
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int MAX_LENGTH = 64;
    private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9_-]{1," + MAX_LENGTH + "}");
    private static final Pattern ILLEGAL_CHARACTER = Pattern.compile("[^A-Za-z0-9_-]");
    private static final int HASH_LENGTH = 8;

    private final Set<String> taken = new HashSet<>();
    private final Map<String, String> replacements = new HashMap<>();

    ToolNames(ModelRequest request) {
        request.tools().forEach(tool -> take(tool.name()));
        for (var message : request.messages()) {
            message.toolCalls().forEach(call -> take(call.name()));
        }
    }

    private void take(String name) {
        if (isLegal(name)) {
            taken.add(name);
        }
    }

    private static boolean isLegal(String name) {
        return LEGAL.matcher(name).matches();
    }

    /** The name itself if it is legal. */
    String legal(String name) {
        return isLegal(name) ? name : replacements.computeIfAbsent(name, this::replacement);
    }

    private String replacement(String name) {
        var readable = name.isBlank()
                ? "unnamed"
                : ILLEGAL_CHARACTER.matcher(name.strip()).replaceAll("_");
        var start = readable.substring(0, Math.min(readable.length(), MAX_LENGTH - HASH_LENGTH - 1));
        for (var attempt = 0; ; attempt++) {
            var hash = hash(attempt == 0 ? name : attempt + ":" + name);
            var candidate = start + "_" + hash.substring(0, HASH_LENGTH);
            if (taken.add(candidate)) {
                return candidate;
            }
        }
    }

    /** 32 letters and digits, the same for the same text. Texts that differ only in half a surrogate pair have different hashes. */
    static String hash(String text) {
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
