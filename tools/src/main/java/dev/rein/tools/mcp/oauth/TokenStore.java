package dev.rein.tools.mcp.oauth;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the tokens of MCP servers, for example in a keychain or an encrypted file, so that a person is not asked again after a restart.
 * A store has the tokens of one person or service. Implementations are thread-safe; they may block.
 */
public interface TokenStore {

    /**
     * @param resource the URL of the MCP server
     * @return null if there are none
     * @throws IOException if the store can't be read; the call that needs the tokens fails
     */
    @Nullable
    OAuthGrant load(String resource) throws IOException;

    /**
     * Keeps tokens in place of those before.
     *
     * @param resource the URL of the MCP server
     * @param grant null to forget them
     * @throws IOException if the store can't be written; the tokens are used all the same, and this is logged
     */
    void save(String resource, @Nullable OAuthGrant grant) throws IOException;

    /** A store in memory. */
    static TokenStore inMemory() {
        var grants = new ConcurrentHashMap<String, OAuthGrant>();
        return new TokenStore() {
            @Override
            public @Nullable OAuthGrant load(String resource) {
                return grants.get(resource);
            }

            @Override
            public void save(String resource, @Nullable OAuthGrant grant) {
                if (grant == null) {
                    grants.remove(resource);
                } else {
                    grants.putAll(Map.of(resource, grant));
                }
            }
        };
    }
}
