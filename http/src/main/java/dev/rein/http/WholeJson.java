package dev.rein.http;

/** Whether data that grow line by line are a complete JSON object or array. Each byte is scanned once. Confined to one thread. */
final class WholeJson {

    private JsonExtent extent = new JsonExtent();
    private int scanned;
    private int end = -1;

    /** Begins with other data. */
    void reset() {
        if (scanned > 0) {
            extent = new JsonExtent();
            scanned = 0;
            end = -1;
        }
    }

    /**
     * Whether there is nothing but one object or array.
     *
     * @param data begins with what it began with at the last call
     */
    boolean isWhole(byte[] data, int length) {
        if (scanned == 0) {
            var first = skipBlanks(data, 0, length);
            if (first == length || !JsonExtent.begins(data[first])) {
                return false;
            }
        }
        if (end < 0) {
            end = extent.scan(data, scanned, length);
        }
        scanned = length;
        return end >= 0 && skipBlanks(data, end, length) == length;
    }

    private static int skipBlanks(byte[] data, int from, int to) {
        var next = from;
        while (next < to && (data[next] == ' ' || data[next] == '\t' || data[next] == '\n' || data[next] == '\r')) {
            next++;
        }
        return next;
    }
}
