package dev.rein.os;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Authentication by JSON Web Tokens signed with known keys. The claim {@code sub} is the user. Immutable; each method
 * returns a changed copy.
 *
 * @param keys the keys that verify signatures: public keys or certificates as PEM; for HS256 and its variants the
 *     secret itself
 * @param jwksFile a file with a JSON Web Key Set, used in addition to {@code keys}; null for none
 * @param algorithm the signature algorithm, such as RS256, ES256 or HS256; tokens signed with any other are refused
 * @param audience the required value of the claim {@code aud}; null to ignore the claim
 * @param checkScopes whether the claim {@code scopes} limits what a caller may do; otherwise any valid token allows
 *     everything
 * @param adminScope the scope that allows everything, on the data of every user
 * @param userIsolation whether callers see only their own data, unless they have the admin scope
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

    /** Accepts tokens signed with RS256 and checks their scopes. */
    public static JwtAuth key(String pem) {
        return new JwtAuth(List.of(pem), null, "RS256", null, true, "agent_os:admin", false);
    }

    /** Accepts tokens signed with RS256 by a key of this file, and checks their scopes. */
    public static JwtAuth jwksFile(Path file) {
        return new JwtAuth(List.of(), file, "RS256", null, true, "agent_os:admin", false);
    }

    /** The settings of JWT_VERIFICATION_KEY or JWT_JWKS_FILE, without scope checks; null if neither is set. */
    public static @Nullable JwtAuth fromEnvironment() {
        var key = System.getenv("JWT_VERIFICATION_KEY");
        var file = System.getenv("JWT_JWKS_FILE");
        if (key != null && !key.isBlank()) {
            return key(key).checkScopes(false);
        }
        return file == null || file.isBlank() ? null : jwksFile(Path.of(file)).checkScopes(false);
    }

    /** Accepts one more key, for key rotation. */
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

    /** Leaves out the keys, which may be secrets. */
    @Override
    public String toString() {
        return "JwtAuth[" + keys.size() + " keys, jwksFile=" + jwksFile + ", algorithm=" + algorithm + ", audience="
                + audience + ", checkScopes=" + checkScopes + ", userIsolation=" + userIsolation + "]";
    }
}
