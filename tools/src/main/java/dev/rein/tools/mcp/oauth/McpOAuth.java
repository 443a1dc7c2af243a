package dev.rein.tools.mcp.oauth;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a connection to an MCP server gets its tokens. The authorization server is the one that the MCP server names (RFC 9728), its
 * endpoints are those that it publishes (RFC 8414), and a token is requested for this MCP server only (RFC 8707). A token is sent to
 * the URL of the MCP server and nowhere else, and is refreshed when it has expired or is rejected. Immutable.
 *
 * {@snippet :
 * var oauth = McpOAuth.forPerson(LoopbackAuthorization.showing(url -> System.out.println("Open " + url)));
 * var crm = McpTools.http("https://crm.example.org/mcp").oauth(oauth).connect();
 * }
 *
 * @param person asks a person in a browser; null for the credentials of a service
 * @param client that the authorization server knows; null to register one there (RFC 7591)
 * @param clientName the name with which a client is registered, which people read
 * @param scopes that are requested; empty for those that the server asks for
 * @param tokens keeps the tokens
 * @param patience how long a person may take
 */
public record McpOAuth(
        @Nullable UserAuthorization person,
        @Nullable Client client,
        String clientName,
        List<String> scopes,
        TokenStore tokens,
        Duration patience) {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /**
     * A client that was registered at an authorization server by hand. Its secret is sent to that server only.
     *
     * @param issuer the address of the authorization server, as it writes it itself
     * @param id the client id
     * @param secret null for a client without one
     */
    public record Client(String issuer, String id, @Nullable String secret) {
        public Client {
            Objects.requireNonNull(issuer, "issuer");
            Objects.requireNonNull(id, "id");
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return "Client[issuer=" + issuer + ", id=" + id + "]";
        }
    }

    public McpOAuth {
        scopes = List.copyOf(scopes);
        Objects.requireNonNull(clientName, "clientName");
        Objects.requireNonNull(tokens, "tokens");
        if (!patience.isPositive()) {
            throw new IllegalArgumentException("patience is " + patience + ": give a positive duration");
        }
        if (person == null && (client == null || client.secret() == null)) {
            throw new IllegalArgumentException(
                    "there is neither a person nor a client with a secret: give one of them");
        }
    }

    /** A person permits the access in a browser: the authorization code grant with PKCE. Tokens are kept in memory. */
    public static McpOAuth forPerson(UserAuthorization person) {
        return new McpOAuth(person, null, "Rein", List.of(), TokenStore.inMemory(), PATIENCE);
    }

    /**
     * A service has credentials of its own: the client credentials grant. Tokens are kept in memory.
     *
     * @param issuer the address of the authorization server; the secret is sent to no other
     */
    public static McpOAuth forService(String issuer, String clientId, String clientSecret) {
        return new McpOAuth(
                null, new Client(issuer, clientId, clientSecret), "Rein", List.of(), TokenStore.inMemory(), PATIENCE);
    }

    /** Returns a copy that uses a client registered by hand. */
    public McpOAuth withClient(String issuer, String clientId, @Nullable String clientSecret) {
        return new McpOAuth(person, new Client(issuer, clientId, clientSecret), clientName, scopes, tokens, patience);
    }

    /** Returns a copy that registers clients with another name. Default: Rein. */
    public McpOAuth withClientName(String name) {
        return new McpOAuth(person, client, name, scopes, tokens, patience);
    }

    /** Returns a copy that requests these scopes, and those that the server demands for a request. */
    public McpOAuth withScopes(String... names) {
        return new McpOAuth(person, client, clientName, List.of(names), tokens, patience);
    }

    /** Returns a copy that keeps its tokens elsewhere. */
    public McpOAuth withTokens(TokenStore store) {
        return new McpOAuth(person, client, clientName, scopes, store, patience);
    }

    /** Returns a copy that waits for a person for another time. Default: 5 minutes. */
    public McpOAuth withPatience(Duration value) {
        return new McpOAuth(person, client, clientName, scopes, tokens, value);
    }
}
