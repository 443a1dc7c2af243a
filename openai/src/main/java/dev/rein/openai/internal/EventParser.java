package dev.rein.openai.internal;

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
 * Parses one JSON document after another. Jackson's ordinary parser is good for one, and making it costs more than most
 * events do; the one for input that comes in pieces takes each document as the next piece. Parsers are shared by all
 * streams, because one that waits needs none.
 */
final class EventParser {

    /** As many as can be busy at once, nearly always. */
    private static final BlockingQueue<EventParser> IDLE =
            new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());

    /** A parser keeps every field name it has met, and buffers for the longest text: neither is kept for good. */
    private static final int MOST_DOCUMENTS = 1_000;

    private static final int LARGEST_DOCUMENT = 32 << 10;

    /** Ends a number at the end of a document, of which more digits could follow; nothing else heeds it there. */
    private static final byte[] NEWLINE = {'\n'};

    private final JsonParser parser;
    private final ByteArrayFeeder input;
    private int documents;

    private EventParser() throws IOException {
        parser = ProviderJson.MAPPER.getFactory().createNonBlockingByteArrayParser();
        input = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
    }

    interface Reader {
        JsonNode read(EventParser parser) throws IOException;
    }

    /**
     * Lets a reader read a document from its first token to its last.
     *
     * @throws com.fasterxml.jackson.core.JsonProcessingException if it is not JSON, or goes on after what was read
     */
    static JsonNode parse(byte[] json, int length, Reader reader) throws IOException {
        var idle = IDLE.poll();
        var parser = idle == null ? new EventParser() : idle;
        parser.input.feedInput(json, 0, length);
        var result = reader.read(parser);
        if (parser.next() != null) {
            throw new JsonParseException(parser.parser, "Something follows after the end of the value");
        }
        // One that failed is in the middle of something, and left to the garbage collector.
        if (length > LARGEST_DOCUMENT || ++parser.documents == MOST_DOCUMENTS || !IDLE.offer(parser)) {
            parser.parser.close();
        }
        return result;
    }

    /** Goes on to the next token; null at the end of the document. */
    @Nullable
    JsonToken next() throws IOException {
        var token = parser.nextToken();
        if (token == JsonToken.NOT_AVAILABLE) {
            input.feedInput(NEWLINE, 0, NEWLINE.length);
            token = parser.nextToken();
        }
        return token == JsonToken.NOT_AVAILABLE ? null : token;
    }

    /** Goes on to the next token, which must be there. */
    JsonToken nextInside() throws IOException {
        var token = next();
        if (token == null) {
            throw new JsonParseException(parser, "Unexpected end of the value");
        }
        return token;
    }

    /** The parser at the current token, for everything but to go on. */
    JsonParser current() {
        return parser;
    }
}
