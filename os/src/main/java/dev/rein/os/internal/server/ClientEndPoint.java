package dev.rein.os.internal.server;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritePendingException;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/** The server's end of a client's connection: counts what the client sends, and ends each chunk with its content. */
final class ClientEndPoint extends SocketChannelEndPoint {
    private static final byte[] LINE_BREAK = {'\r', '\n'};

    private final InetAddress address;
    private final AtomicLong received = new AtomicLong();

    ClientEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
        super(channel, selector, key, scheduler);
        this.address = channel.socket().getInetAddress();
    }

    /** The address of the client. */
    InetAddress address() {
        return address;
    }

    /** Number of bytes that the client has sent. */
    long received() {
        return received.get();
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        var filled = super.fill(buffer);
        if (filled > 0) {
            received.addAndGet(filled);
        }
        return filled;
    }

    @Override
    public void write(Callback callback, ByteBuffer... buffers) throws WritePendingException {
        if (getConnection() instanceof ClientConnection connection && connection.takeChunkEnd()) {
            var all = Arrays.copyOf(buffers, buffers.length + 1);
            all[buffers.length] = ByteBuffer.wrap(LINE_BREAK);
            super.write(callback, all);
        } else {
            super.write(callback, buffers);
        }
    }

    /** Whether the server has yet to read what the client has sent: the client is waiting for the server, and not the reverse. */
    boolean isBehind() {
        try {
            // Also of a channel that does not block.
            return getChannel().socket().getInputStream().available() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    protected void onIdleExpired(TimeoutException timeout) {
        if (isFillInterested() && isBehind()) {
            notIdle();
        } else {
            super.onIdleExpired(timeout);
        }
    }

    /** Ends the wait for the client's next bytes as an idle time-out does. */
    void expire(TimeoutException reason) {
        super.onIdleExpired(reason);
    }
}
