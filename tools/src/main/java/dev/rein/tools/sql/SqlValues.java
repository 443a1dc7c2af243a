package dev.rein.tools.sql;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Clob;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Converts the rows of one result to JSON, within its bounds. Not thread-safe. */
final class SqlValues {
    /** Longer numbers are shown as text, which can be truncated. */
    private static final int MAX_DIGITS = 1_000;

    private static final String ELLIPSIS = "...";

    private final int cellLimit;
    private final int resultLimit;
    private int remaining;
    private boolean truncated;

    SqlValues(SqlLimits limits) {
        cellLimit = limits.cellBytes();
        resultLimit = limits.resultBytes();
        remaining = resultLimit;
    }

    /** The number of bytes of the rows so far. */
    long used() {
        return (long) resultLimit - remaining;
    }

    /** Whether the bound of the result is reached: further rows are to be omitted. */
    boolean isFull() {
        return remaining <= 0;
    }

    /** Whether a value was truncated. */
    boolean isTruncated() {
        return truncated;
    }

    /** The current row; without its last columns if the result is full. */
    ObjectNode row(ResultSet rows) throws SQLException {
        var meta = rows.getMetaData();
        var json = JsonNodeFactory.instance.objectNode();
        for (int column = 1; column <= meta.getColumnCount(); column++) {
            if (isFull()) {
                truncated = true;
                break;
            }
            var label = text(meta.getColumnLabel(column));
            put(json, json.has(label) ? label + "_" + column : label, rows.getObject(column));
        }
        return json;
    }

    private void put(ObjectNode json, String name, Object value) throws SQLException {
        switch (value) {
            case null -> json.putNull(name);
            case Boolean bool -> json.put(name, bool);
            case Integer number -> json.put(name, number);
            case Long number -> json.put(name, number);
            case Short number -> json.put(name, number);
            case BigInteger number when number.bitLength() < MAX_DIGITS -> json.put(name, number);
            case BigDecimal number
            when number.precision() + (long) Math.abs(number.scale()) < MAX_DIGITS -> json.put(name, number);
            case Double number when Double.isFinite(number) -> json.put(name, number);
            case Float number when Float.isFinite(number) -> json.put(name, number);
            case byte[] bytes -> json.put(name, "[" + bytes.length + " bytes]");
            case Clob text ->
                json.put(name, text(text.getSubString(1, Math.max(0, Math.min(cellLimit, remaining)) + 1)));
            default -> json.put(name, text(value.toString()));
        }
        // Of the name, of other values, and of the punctuation.
        remaining -= 8;
    }

    /** The text, truncated to the bounds. */
    private String text(String text) {
        var limit = Math.max(ELLIPSIS.length(), Math.min(cellLimit, remaining));
        var bytes = 0;
        var fitting = 0;
        for (int at = 0; at < text.length(); ) {
            var codePoint = text.codePointAt(at);
            bytes += utf8Length(codePoint);
            if (bytes > limit) {
                truncated = true;
                remaining -= limit;
                return text.substring(0, fitting) + ELLIPSIS;
            }
            at += Character.charCount(codePoint);
            if (bytes <= limit - ELLIPSIS.length()) {
                fitting = at;
            }
        }
        remaining -= bytes;
        return text;
    }

    private static int utf8Length(int codePoint) {
        return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }
}
