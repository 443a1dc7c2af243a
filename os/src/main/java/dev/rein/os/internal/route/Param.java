package dev.rein.os.internal.route;

import dev.rein.runtime.RunOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A parameter of a route.
 *
 * @param name its name
 * @param place where the value is passed
 * @param type the type of the value
 * @param required whether it is required
 * @param repeated whether it may be given more than once
 * @param defaultValue the value if missing; null for none
 * @param choices the allowed values; empty for any
 * @param min the minimum of a number; null for none
 * @param max the maximum of a number, or the maximum length of a text in characters; null for none
 * @param description the description in the OpenAPI document
 */
public record Param(
        String name,
        Place place,
        Type type,
        boolean required,
        boolean repeated,
        @Nullable Object defaultValue,
        List<String> choices,
        @Nullable Integer min,
        @Nullable Integer max,
        String description) {

    /** The length of a text without a limit of its own. */
    private static final Integer MAX_TEXT = 65_536;

    /** Where a value is passed. */
    public enum Place {
        PATH("path"),
        QUERY("query"),
        /** A header of the request. */
        HEADER("header"),
        /** A field of a form, urlencoded or multipart. */
        FORM("body"),
        /** A property of the JSON object in the body. */
        JSON("body");

        private final String location;

        Place(String location) {
            this.location = location;
        }

        String location() {
            return location;
        }
    }

    /** The type of a value. */
    public enum Type {
        STRING("string"),
        INTEGER("integer"),
        BOOLEAN("boolean"),
        /** A JSON object. */
        OBJECT("object"),
        /** A JSON array. */
        ARRAY("array"),
        /** An id; see {@link Ids}. */
        ID("string"),
        /** The status of a run, case-insensitive; checked by the route. */
        STATUS("string"),
        /** One of the choices, case-insensitive, with dashes or underscores. */
        NAME("string"),
        /** A date, with or without a time. */
        DATE("string"),
        /** Uploaded files. */
        FILE("string");

        private final String schema;

        Type(String schema) {
            this.schema = schema;
        }

        public String schema() {
            return schema;
        }
    }

    /** An optional text parameter; an id if its name says so. */
    public static Param of(Place place, String name) {
        var param = new Param(name, place, Type.STRING, false, false, null, List.of(), null, null, "");
        return name.endsWith("_id") || name.endsWith("_ids") ? param.id() : param;
    }

    /** A parameter of a path. */
    static Param path(String name) {
        return of(Place.PATH, name).id().require();
    }

    public static Param query(String name) {
        return of(Place.QUERY, name);
    }

    public static Param header(String name) {
        return of(Place.HEADER, name);
    }

    public static Param form(String name) {
        return of(Place.FORM, name);
    }

    public static Param json(String name) {
        return of(Place.JSON, name);
    }

    /**
     * The maximum length of a text in characters. Null for texts in the query, which the server bounds together with the
     * rest of the head, and for other types.
     */
    public @Nullable Integer longest() {
        return switch (type) {
            case INTEGER, BOOLEAN, OBJECT, ARRAY, FILE -> null;
            case ID -> max == null ? (Integer) RunOptions.MAX_ID_LENGTH : max;
            default -> max != null || place == Place.QUERY ? max : MAX_TEXT;
        };
    }

    /** The same parameter in another place. */
    public Param in(Place other) {
        return new Param(name, other, type, required, repeated, defaultValue, choices, min, max, description);
    }

    public Param type(Type value) {
        return new Param(name, place, value, required, repeated, defaultValue, choices, min, max, description);
    }

    public Param integer() {
        return type(Type.INTEGER);
    }

    public Param integer(int value) {
        return integer().defaultsTo(value);
    }

    /** Limits the length of a text. */
    public Param upTo(int characters) {
        return new Param(name, place, type, required, repeated, defaultValue, choices, null, characters, description);
    }

    /** Limits a number to a range, both ends included. */
    public Param between(int lowest, int highest) {
        return new Param(name, place, type, required, repeated, defaultValue, choices, lowest, highest, description);
    }

    public Param id() {
        return type(Type.ID).upTo(Ids.MAX_LENGTH);
    }

    /** The JSON Schema pattern that texts must match; null for any text. */
    public @Nullable String pattern() {
        if (type == Type.ID) {
            return Ids.PATTERN;
        }
        // Databases can't search for NUL characters.
        return type == Type.STRING && place == Place.QUERY ? RequestValues.PLAIN : null;
    }

    public Param flag(boolean value) {
        return type(Type.BOOLEAN).defaultsTo(value);
    }

    public Param object() {
        return type(Type.OBJECT);
    }

    public Param require() {
        return new Param(name, place, type, true, repeated, defaultValue, choices, min, max, description);
    }

    /** Allows several values; in JSON a list. */
    public Param list() {
        return new Param(name, place, type, required, true, defaultValue, choices, min, max, description);
    }

    public Param defaultsTo(Object value) {
        return new Param(name, place, type, required, repeated, value, choices, min, max, description);
    }

    public Param oneOf(String... values) {
        return new Param(name, place, type, required, repeated, defaultValue, List.of(values), min, max, description);
    }

    public Param description(String value) {
        return new Param(name, place, type, required, repeated, defaultValue, choices, min, max, value);
    }
}
