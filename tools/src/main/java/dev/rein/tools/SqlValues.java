package dev.rein.tools;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Clob;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Converts rows to JSON. */
final class SqlValues {
    private static final int MAX_TEXT = 10_000;

    private SqlValues() {}

    static ObjectNode row(ResultSet rows) throws SQLException {
        var meta = rows.getMetaData();
        var json = JsonNodeFactory.instance.objectNode();
        for (int column = 1; column <= meta.getColumnCount(); column++) {
            var name = meta.getColumnLabel(column);
            put(json, json.has(name) ? name + "_" + column : name, rows.getObject(column));
        }
        return json;
    }

    private static void put(ObjectNode json, String name, Object value) throws SQLException {
        switch (value) {
            case null -> json.putNull(name);
            case Boolean bool -> json.put(name, bool);
            case Integer number -> json.put(name, number);
            case Long number -> json.put(name, number);
            case Short number -> json.put(name, number);
            case BigInteger number -> json.put(name, number);
            case BigDecimal number -> json.put(name, number);
            case Double number when Double.isFinite(number) -> json.put(name, number);
            case Float number when Float.isFinite(number) -> json.put(name, number);
            case byte[] bytes -> json.put(name, "[" + bytes.length + " bytes]");
            case Clob text -> json.put(name, cut(text.getSubString(1, MAX_TEXT + 1)));
            default -> json.put(name, cut(value.toString()));
        }
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "...";
    }
}
