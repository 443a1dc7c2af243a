package dev.rein.http;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A reusable JSON parser. Jackson's ordinary parsers read one document, and creating one costs more than parsing most events; its
 * non-blocking parser can be fed one document after another. Parsers are pooled for all streams, because a waiting stream needs none.
 */
final class PooledJsonParser {

    /** The pool. Rarely are more parsers in use at once than there are processors. */
    private static final BlockingQueue<PooledJsonParser> IDLE =
            new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());

    /** Parsers are not reused forever, because they keep all field names that they have read, and a buffer for the longest text. */
    private static final int MAX_DOCUMENTS = 1_000;

    private static final int MAX_DOCUMENT_BYTES = 32 << 10;

    /** Fed at the end of a document, because the parser waits for further digits of a number; otherwise it has no effect. */
    private static final byte[] NEWLINE = {'\n'};

    /** A value that shows whether the parser is in the middle of another one. */
    private static final byte[] SENTINEL = {'{', '}'};

    private final JsonParser parser;
    private final ByteArrayFeeder input;
    private int documents;

    private PooledJsonParser() throws IOException {
        parser = ProviderJson.MAPPER.getFactory().createNonBlockingByteArrayParser();
        input = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
    }

    interface Reader {
        JsonNode read(PooledJsonParser parser) throws IOException;
    }

    /**
     * Passes a parser to the reader, which must read the document from its first token to its last.
     *
     * @throws com.fasterxml.jackson.core.JsonProcessingException if the document is not valid JSON, or continues after the value that was read
     */
    static JsonNode parse(byte[] json, int length, Reader reader) throws IOException {
        var idle = IDLE.poll();
        var parser = idle == null ? new PooledJsonParser() : idle;
        parser.input.feedInput(json, 0, length);
        var result = reader.read(parser);
        if (parser.next() != null || !parser.isBetweenValues()) {
            throw new JsonParseException(parser.parser, "Unexpected content after the end of the value");
        }
        // After a failure the parser is in the middle of a document, and is left to the garbage collector.
        if (length > MAX_DOCUMENT_BYTES || ++parser.documents == MAX_DOCUMENTS || !IDLE.offer(parser)) {
            parser.parser.close();
        }
        return result;
    }

    /** Advances to the next token; null at the end of the document. */
    @Nullable
    JsonToken next() throws IOException {
        var token = parser.nextToken();
        if (token == JsonToken.NOT_AVAILABLE) {
            input.feedInput(NEWLINE, 0, NEWLINE.length);
            token = parser.nextToken();
        }
        return token == JsonToken.NOT_AVAILABLE ? null : token;
    }

    /** False if the document ends within a text, which the newline does not end. */
    private boolean isBetweenValues() throws IOException {
        input.feedInput(SENTINEL, 0, SENTINEL.length);
        return parser.nextToken() == JsonToken.START_OBJECT && parser.nextToken() == JsonToken.END_OBJECT;
    }

    /** Advances to the next token, and fails at the end of the document. */
    JsonToken nextInside() throws IOException {
        var token = next();
        if (token == null) {
            throw new JsonParseException(parser, "Unexpected end of the value");
        }
        return token;
    }

    /** The parser at the current token, for reading that token. Callers must not advance it. */
    JsonParser current() {
        return parser;
    }
}
