package dev.rein.os;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lets in whoever has a JSON Web Token that was signed with a known key. Its claim {@code sub} is the user. Immutable; each
 * method returns a changed copy.
 *
 * @param keys what signatures are checked with: public keys or certificates as PEM; of HS256 and its like the secret itself
 * @param jwksFile a file with a JSON Web Key Set, used besides; null for none
 * @param algorithm the algorithm that tokens are signed with, such as RS256, ES256 or HS256; tokens of another one are refused
 * @param audience what the claim {@code aud} must hold; null when it is not looked at
 * @param checkScopes whether the claim {@code scopes} decides what a caller may do; otherwise each valid token may do all
 * @param adminScope the scope that allows everything, for every user
 * @param userIsolation whether callers see only what is their own user's, unless they have the admin's scope
 */
public record JwtAuth(
        List<String> keys,
        @Nullable Path jwksFile,
        String algorithm,
        @Nullable String audience,
        boolean checkScopes,
        String adminScope,
        boolean userIsolation) {

    public JwtAuth {
        keys = List.copyOf(keys);
        Objects.requireNonNull(algorithm, "algorithm");
    }

    /** Tokens signed with RS256, with scopes that are looked at. */
    public static JwtAuth key(String pem) {
        return new JwtAuth(List.of(pem), null, "RS256", null, true, "agent_os:admin", false);
    }

    /** The same with the keys of a file. */
    public static JwtAuth jwksFile(Path file) {
        return new JwtAuth(List.of(), file, "RS256", null, true, "agent_os:admin", false);
    }

    /** What JWT_VERIFICATION_KEY or JWT_JWKS_FILE say, without a look at scopes; null when neither is set. */
    public static @Nullable JwtAuth fromEnvironment() {
        var key = System.getenv("JWT_VERIFICATION_KEY");
        var file = System.getenv("JWT_JWKS_FILE");
        if (key != null && !key.isBlank()) {
            return key(key).checkScopes(false);
        }
        return file == null || file.isBlank() ? null : jwksFile(Path.of(file)).checkScopes(false);
    }

    /** One more key, for the time in which keys change. */
    public JwtAuth alsoKey(String pem) {
        var more = new ArrayList<>(keys);
        more.add(pem);
        return new JwtAuth(more, jwksFile, algorithm, audience, checkScopes, adminScope, userIsolation);
    }

    public JwtAuth algorithm(String value) {
        return new JwtAuth(keys, jwksFile, value, audience, checkScopes, adminScope, userIsolation);
    }

    public JwtAuth audience(String value) {
        return new JwtAuth(keys, jwksFile, algorithm, value, checkScopes, adminScope, userIsolation);
    }

    public JwtAuth checkScopes(boolean value) {
        return new JwtAuth(keys, jwksFile, algorithm, audience, value, adminScope, userIsolation);
    }

    public JwtAuth adminScope(String value) {
        return new JwtAuth(keys, jwksFile, algorithm, audience, checkScopes, value, userIsolation);
    }

    public JwtAuth userIsolation(boolean value) {
        return new JwtAuth(keys, jwksFile, algorithm, audience, checkScopes, adminScope, value);
    }

    /** Without the keys, of which one may be a secret. */
    @Override
    public String toString() {
        return "JwtAuth[" + keys.size() + " keys, jwksFile=" + jwksFile + ", algorithm=" + algorithm + ", audience="
                + audience + ", checkScopes=" + checkScopes + ", userIsolation=" + userIsolation + "]";
    }
}
