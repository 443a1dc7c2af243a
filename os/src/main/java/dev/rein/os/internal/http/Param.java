package dev.rein.os.internal.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value that a route takes.
 *
 * @param name its name
 * @param place where it is given
 * @param type what it is
 * @param required whether it must be there
 * @param many whether it may be given more than once
 * @param standard what it is when it is not given; null for nothing
 * @param choices the values that it may have; empty for any
 * @param least the lowest number that it may be; null for any
 * @param most the highest number that it may be, or the most characters of a text; null for any
 * @param about what it means, for the OpenAPI document
 */
public record Param(
        String name,
        Place place,
        Type type,
        boolean required,
        boolean many,
        @Nullable Object standard,
        List<String> choices,
        @Nullable Integer least,
        @Nullable Integer most,
        String about) {

    /** Where a value is given. */
    public enum Place {
        QUERY("query"),
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

    /** What a value is. */
    public enum Type {
        STRING("string"),
        INTEGER("integer"),
        BOOLEAN("boolean"),
        /** A JSON object. */
        OBJECT("object"),
        /** A JSON array. */
        ARRAY("array"),
        /** What is looked for as it is. */
        ID("string"),
        /** Where a run stands, in any case: the route says which names there are. */
        STATUS("string"),
        /** One of some names, in any case and with either dash. */
        NAME("string"),
        /** A day, with or without a time. */
        DATE("string"),
        /** Uploads, of any name that is left. */
        FILE("string");

        private final String schema;

        Type(String schema) {
            this.schema = schema;
        }

        String schema() {
            return schema;
        }
    }

    /** A text in some place. */
    static Param of(Place place, String name) {
        return new Param(name, place, Type.STRING, false, false, null, List.of(), null, null, "");
    }

    static Param query(String name) {
        return of(Place.QUERY, name);
    }

    static Param form(String name) {
        return of(Place.FORM, name);
    }

    static Param json(String name) {
        return of(Place.JSON, name);
    }

    /** The same in another place. */
    Param in(Place other) {
        return new Param(name, other, type, required, many, standard, choices, least, most, about);
    }

    Param type(Type value) {
        return new Param(name, place, value, required, many, standard, choices, least, most, about);
    }

    Param integer() {
        return type(Type.INTEGER);
    }

    Param integer(int value) {
        return integer().standard(value);
    }

    /** So many characters at most. */
    Param upTo(int characters) {
        return new Param(name, place, type, required, many, standard, choices, null, characters, about);
    }

    /** It must be in a range, the ends included. */
    Param between(int lowest, int highest) {
        return new Param(name, place, type, required, many, standard, choices, lowest, highest, about);
    }

    Param id() {
        return type(Type.ID);
    }

    /** Whether it may have no NUL characters: databases can't look for them. */
    boolean isPlain() {
        return type == Type.ID || (type == Type.STRING && place == Place.QUERY);
    }

    Param flag(boolean value) {
        return type(Type.BOOLEAN).standard(value);
    }

    Param object() {
        return type(Type.OBJECT);
    }

    Param require() {
        return new Param(name, place, type, true, many, standard, choices, least, most, about);
    }

    /** It may be given more than once; in JSON it is a list. */
    Param list() {
        return new Param(name, place, type, required, true, standard, choices, least, most, about);
    }

    Param standard(Object value) {
        return new Param(name, place, type, required, many, value, choices, least, most, about);
    }

    Param oneOf(String... values) {
        return new Param(name, place, type, required, many, standard, List.of(values), least, most, about);
    }

    Param about(String value) {
        return new Param(name, place, type, required, many, standard, choices, least, most, value);
    }
}
