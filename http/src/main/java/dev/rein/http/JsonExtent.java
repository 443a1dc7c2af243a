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
}
