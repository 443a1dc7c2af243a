package dev.rein.os.internal.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpGenerator;
import org.eclipse.jetty.http.MetaData;
import org.jspecify.annotations.Nullable;

/**
 * Ends each chunk of a chunked response together with its content. Jetty writes the line break that ends a chunk with the
 * next one, so that a client that reads whole chunks, such as Python's {@code requests}, gets each event one event late.
 *
 * <p>Jetty's generator prepares the start of a chunk in a buffer of its own, and its connection writes that buffer and
 * the content in one call. {@link ClientEndPoint} adds the line break to the same call if {@link #takeChunkEnd()} asks for
 * it, and the one that Jetty prepares for the next chunk is skipped. Used by one thread at a time, as its superclass.
 */
final class ChunkGenerator extends HttpGenerator {
    private static final byte CARRIAGE_RETURN = '\r';
    private static final int LINE_BREAK = 2;

    /** Whether the content of the chunk that is written next is to be followed by its end. */
    private boolean endsNext;

    /** Whether the latest chunk was ended by this class. */
    private boolean ended;

    @Override
    public Result generateResponse(
            MetaData.@Nullable Response info,
            boolean head,
            @Nullable ByteBuffer header,
            @Nullable ByteBuffer chunk,
            @Nullable ByteBuffer content,
            boolean last)
            throws IOException {
        var hasContent = content != null && content.hasRemaining();
        var result = super.generateResponse(info, head, header, chunk, content, last);
        if (result == Result.FLUSH && !head) {
            if (ended && chunk != null && startsWithLineBreak(chunk)) {
                chunk.position(chunk.position() + LINE_BREAK);
            }
            endsNext = hasContent && isChunking();
            ended = endsNext;
        }
        return result;
    }

    private static boolean startsWithLineBreak(ByteBuffer chunk) {
        return chunk.remaining() > LINE_BREAK && chunk.get(chunk.position()) == CARRIAGE_RETURN;
    }

    /** Whether the write that follows must add the end of a chunk. Asked once for each write. */
    boolean takeChunkEnd() {
        var ends = endsNext;
        endsNext = false;
        return ends;
    }

    @Override
    public void reset() {
        endsNext = false;
        ended = false;
        super.reset();
    }
}
