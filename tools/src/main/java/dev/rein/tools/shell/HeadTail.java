package dev.rein.tools.shell;

import java.nio.charset.StandardCharsets;

/** Keeps the first and last bytes of an output, and counts the dropped bytes between them. Not thread-safe. */
final class HeadTail {
    private final byte[] head;
    private final byte[] tail;
    private long seen;

    /** @param limit number of bytes to keep */
    HeadTail(int limit) {
        head = new byte[limit / 2];
        tail = new byte[limit - limit / 2];
    }

    void add(byte[] bytes, int length) {
        var toHead = (int) Math.min(length, Math.max(0, head.length - seen));
        System.arraycopy(bytes, 0, head, (int) Math.min(seen, head.length), toHead);
        seen += toHead;
        for (int from = Math.max(toHead, length - tail.length), i = from; i < length; i++) {
            tail[(int) ((seen - head.length + (i - toHead)) % tail.length)] = bytes[i];
        }
        seen += length - toHead;
    }

    /** Number of bytes that are missing from {@link #text()}. */
    long dropped() {
        return Math.max(0, seen - head.length - tail.length);
    }

    /** The kept bytes as text, decoded as UTF-8. */
    String text() {
        var inHead = (int) Math.min(seen, head.length);
        var inTail = (int) Math.min(seen - inHead, tail.length);
        var ordered = new byte[inTail];
        var oldest = seen - inHead - inTail;
        for (int i = 0; i < inTail; i++) {
            ordered[i] = tail[(int) ((oldest + i) % tail.length)];
        }
        if (dropped() == 0) {
            var all = new byte[inHead + inTail];
            System.arraycopy(head, 0, all, 0, inHead);
            System.arraycopy(ordered, 0, all, inHead, inTail);
            return new String(all, StandardCharsets.UTF_8);
        }
        return new String(head, 0, inHead, StandardCharsets.UTF_8)
                + "\n[... " + dropped() + " bytes omitted ...]\n"
                + new String(ordered, StandardCharsets.UTF_8);
    }
}
