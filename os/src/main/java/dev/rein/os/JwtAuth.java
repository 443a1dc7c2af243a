package dev.rein.os;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Authentication by JSON Web Tokens signed with known keys. The claim {@code sub} is the user: at most 256 characters,
 * without control characters. The claims {@code exp} and {@code nbf} are checked with a tolerance of 60 s for clocks that
 * differ. Immutable; each method returns a changed copy.
 *
 * @param keys the keys that verify signatures: public keys or certificates as PEM; for HS256 and its variants the
 *     secret itself, of at least as many bytes as the signature
 * @param jwksFile a file with a JSON Web Key Set, used in addition to {@code keys}; null for none
 * @param algorithm the signature algorithm, such as RS256, ES256 or HS256; tokens signed with any other are refused
 * @param audience the required value of the claim {@code aud}; null to ignore the claim, which is safe only if the issuer
 *     signs tokens for this server alone
 * @param checkScopes whether the claim {@code scopes} limits what a caller may do; otherwise any valid token allows
 *     everything
 * @param adminScope the scope that allows everything, on the data of every user
 * @param userIsolation whether callers see only their own data, unless they have the admin scope
 * @param requireExpiration whether tokens without the claim {@code exp} are refused
 */
public record JwtAuth(
        List<String> keys,
        @Nullable Path jwksFile,
        String algorithm,
        @Nullable String audience,
        boolean checkScopes,
        String adminScope,
        boolean userIsolation,
        boolean requireExpiration) {

    public JwtAuth {
        keys = List.copyOf(keys);
        Objects.requireNonNull(algorithm, "algorithm");
    }

    /** Accepts tokens signed with RS256 and checks their scopes. */
    public static JwtAuth key(String pem) {
        return new JwtAuth(List.of(pem), null, "RS256", null, true, "agent_os:admin", false, true);
    }

    /** Accepts tokens signed with RS256 by a key of this file, and checks their scopes. */
    public static JwtAuth jwksFile(Path file) {
        return new JwtAuth(List.of(), file, "RS256", null, true, "agent_os:admin", false, true);
    }

    /**
     * The settings of JWT_VERIFICATION_KEY or JWT_JWKS_FILE, with the audience of JWT_AUDIENCE and without scope checks; null if
     * neither a key nor a file is set.
     */
    public static @Nullable JwtAuth fromEnvironment() {
        return fromEnvironment(System.getenv());
    }

    static @Nullable JwtAuth fromEnvironment(Map<String, String> variables) {
        var key = variables.getOrDefault("JWT_VERIFICATION_KEY", "");
        var file = variables.getOrDefault("JWT_JWKS_FILE", "");
        var audience = variables.getOrDefault("JWT_AUDIENCE", "");
        if (key.isBlank() && file.isBlank()) {
            return null;
        }
        var auth = (key.isBlank() ? jwksFile(Path.of(file)) : key(key)).checkScopes(false);
        return audience.isBlank() ? auth : auth.audience(audience);
    }

    /** Accepts one more key, for key rotation. */
    public JwtAuth alsoKey(String pem) {
        var more = new ArrayList<>(keys);
        more.add(pem);
        return new JwtAuth(
                more, jwksFile, algorithm, audience, checkScopes, adminScope, userIsolation, requireExpiration);
    }

    /** Accepts only tokens signed with this algorithm. Default: RS256. */
    public JwtAuth algorithm(String value) {
        return new JwtAuth(keys, jwksFile, value, audience, checkScopes, adminScope, userIsolation, requireExpiration);
    }

    /** Refuses tokens whose claim {@code aud} does not contain this value. Set it if the issuer signs tokens for others too. */
    public JwtAuth audience(String value) {
        return new JwtAuth(keys, jwksFile, algorithm, value, checkScopes, adminScope, userIsolation, requireExpiration);
    }

    public JwtAuth checkScopes(boolean value) {
        return new JwtAuth(keys, jwksFile, algorithm, audience, value, adminScope, userIsolation, requireExpiration);
    }

    public JwtAuth adminScope(String value) {
        return new JwtAuth(keys, jwksFile, algorithm, audience, checkScopes, value, userIsolation, requireExpiration);
    }

    public JwtAuth userIsolation(boolean value) {
        return new JwtAuth(keys, jwksFile, algorithm, audience, checkScopes, adminScope, value, requireExpiration);
    }

    /** Whether tokens must expire. Default: true. Without it a token that leaks is valid until its key is replaced. */
    public JwtAuth requireExpiration(boolean value) {
        return new JwtAuth(keys, jwksFile, algorithm, audience, checkScopes, adminScope, userIsolation, value);
    }

    /** Leaves out the keys, which may be secrets. */
    @Override
    public String toString() {
        return "JwtAuth[" + keys.size() + " keys, jwksFile=" + jwksFile + ", algorithm=" + algorithm + ", audience="
                + audience + ", checkScopes=" + checkScopes + ", userIsolation=" + userIsolation + "]";
    }
}
