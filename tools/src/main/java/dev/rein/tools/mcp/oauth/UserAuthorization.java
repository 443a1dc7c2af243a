package dev.rein.tools.mcp.oauth;

import java.io.IOException;
import java.net.URI;

/**
 * Asks a person for access: shows the address of the authorization server's page, and gets the address to which the browser is sent back. {@link
 * LoopbackAuthorization} does so on the person's own machine; a web application implements this with a page of its own. Thread-safe.
 */
public interface UserAuthorization {

    /** Begins to ask. */
    Attempt begin() throws IOException;

    /** One question to a person. Not thread-safe, except for {@link #close}. */
    interface Attempt extends AutoCloseable {

        /** The address to which the browser is to be sent back. */
        URI redirectUri();

        /**
         * Shows an address to the person, and waits until the browser was sent back. The thread is interrupted when nobody needs the answer
         * any more, or the person took too long.
         *
         * @param url of the authorization server's page; its parameter {@code state} is also that of the answer
         * @return the address to which the browser was sent back, with its query
         * @throws IOException if the person can't be asked
         */
        URI authorize(URI url) throws IOException, InterruptedException;

        /** Ends the question; called once after {@link #authorize}, also if it was not called. */
        @Override
        void close();
    }
}
