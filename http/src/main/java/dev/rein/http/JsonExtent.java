package dev.rein.http;

/** Finds the end of a JSON object or array in bytes that arrive in parts. Confined to one thread. */
final class JsonExtent {

    private int depth;
    private boolean inString;
    private boolean escaped;

    static boolean begins(byte first) {
        return first == '{' || first == '[';
    }

    /** Whether the text begins as an object or array does. */
    static boolean begins(String text) {
        return !text.isEmpty() && (text.charAt(0) == '{' || text.charAt(0) == '[');
    }

    /**
     * Scans further bytes.
     *
     * @return the index behind the end of the value; -1 if it continues
     */
    int scan(byte[] bytes, int from, int to) {
        for (var i = from; i < to; i++) {
            var b = bytes[i];
            if (inString) {
                inString = escaped || b != '"';
                escaped = !escaped && b == '\\';
            } else if (b == '"') {
                inString = true;
            } else if (begins(b)) {
                depth++;
            } else if ((b == '}' || b == ']') && --depth == 0) {
                return i + 1;
            }
        }
        return -1;
    }

    /** Whether data that grow line by line are a complete object or array. Each byte is scanned once. Confined to one thread. */
    static final class Whole {

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
}
