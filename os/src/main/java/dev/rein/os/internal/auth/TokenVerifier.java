package dev.rein.os.internal.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimNames;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.rein.os.JwtAuth;
import dev.rein.os.internal.route.Caller;
import dev.rein.os.internal.route.Ids;
import dev.rein.os.internal.route.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Verifies JSON Web Tokens. Thread-safe. */
final class TokenVerifier {
    private static final DefaultJWSVerifierFactory VERIFIERS = new DefaultJWSVerifierFactory();

    private final JwtAuth auth;
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    /** @throws IllegalArgumentException if the keys are unusable */
    TokenVerifier(JwtAuth auth) {
        this.auth = auth;
        var algorithm = algorithm(auth.algorithm());
        var keys = keys(auth, algorithm);
        processor.setJWSKeySelector((header, _) -> header.getAlgorithm().equals(algorithm) ? keys : List.of());
        processor.setJWSVerifierFactory(VERIFIERS);
        var audience = auth.audience();
        processor.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(
                audience == null ? null : Set.of(audience),
                null,
                auth.requireExpiration() ? Set.of(JWTClaimNames.EXPIRATION_TIME) : Set.of(),
                null));
    }

    private static JWSAlgorithm algorithm(String name) {
        var supported = VERIFIERS.supportedJWSAlgorithms();
        return supported.stream()
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the JWT algorithm is \"" + name + "\": use one of "
                        + supported.stream().map(JWSAlgorithm::getName).sorted().collect(Collectors.joining(", "))));
    }

    private static List<Key> keys(JwtAuth auth, JWSAlgorithm algorithm) {
        var keys = new ArrayList<Key>();
        try {
            for (var key : auth.keys()) {
                keys.add(
                        JWSAlgorithm.Family.HMAC_SHA.contains(algorithm)
                                ? new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HMAC")
                                : PemKeys.read(family(algorithm), key));
            }
            if (auth.jwksFile() != null) {
                for (var key : JWKSet.load(auth.jwksFile().toFile()).getKeys()) {
                    if (isFor(key, algorithm)) {
                        keys.add(key instanceof OctetSequenceKey secret ? secret.toSecretKey() : publicKey(key));
                    }
                }
            }
            requireSecrets(keys, algorithm);
        } catch (JOSEException | IOException | ParseException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "can't read the JWT keys: " + e.getMessage() + "; pass public keys as PEM or a JWKS file", e);
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no JWT key for " + algorithm + ": pass a key or a jwksFile that contains one");
        }
        return keys;
    }

    /**
     * Whether a key of the file can verify this algorithm: an unsuitable key would end the search for a suitable one.
     */
    private static boolean isFor(JWK key, JWSAlgorithm algorithm) {
        return KeyType.forAlgorithm(algorithm).equals(key.getKeyType())
                && !KeyUse.ENCRYPTION.equals(key.getKeyUse())
                && (key.getAlgorithm() == null || key.getAlgorithm().equals(algorithm));
    }

    /**
     * With a secret that is too short every token would be refused, and with a public key as the secret everybody who knows it
     * could sign tokens.
     */
    private static void requireSecrets(List<Key> keys, JWSAlgorithm algorithm) throws JOSEException {
        if (!JWSAlgorithm.Family.HMAC_SHA.contains(algorithm)) {
            return;
        }
        var least = MACSigner.getMinRequiredSecretLength(algorithm) / Byte.SIZE;
        for (var key : keys) {
            if (PemKeys.isPublic(new String(key.getEncoded(), StandardCharsets.ISO_8859_1))) {
                throw new IllegalArgumentException("the JWT algorithm is " + algorithm
                        + ", but a key is a public key or certificate, which is no secret: set the algorithm of that key,"
                        + " such as RS256 or ES256");
            }
            if (key.getEncoded().length < least) {
                throw new IllegalArgumentException("a JWT secret has " + key.getEncoded().length + " bytes: "
                        + algorithm + " needs at least " + least);
            }
        }
    }

    private static String family(JWSAlgorithm algorithm) {
        return JWSAlgorithm.Family.EC.contains(algorithm) ? "EC" : "RSA";
    }

    private static Key publicKey(JWK key) throws JOSEException {
        if (key instanceof AsymmetricJWK asymmetric) {
            return asymmetric.toPublicKey();
        }
        throw new JOSEException("key " + key.getKeyID() + " is not a public key");
    }

    /** @throws Problem 401 if the token is invalid */
    Caller caller(String token) {
        try {
            return caller(processor.process(token, null));
        } catch (ParseException | BadJOSEException | JOSEException e) {
            throw Problem.of(401, "Invalid token: " + e.getMessage());
        }
    }

    private Caller caller(JWTClaimsSet claims) {
        var scopes = scopes(claims.getClaim("scopes"));
        var isAdmin = scopes.contains(auth.adminScope());
        var isolated = auth.userIsolation() && !isAdmin;
        var user = claims.getSubject();
        if (isolated && user == null) {
            throw Problem.of(403, "Authenticated request is missing a user identity");
        }
        if (user != null && !Ids.isValid(user)) {
            throw Problem.of(401, "Invalid token: the claim sub is not an id: " + Ids.RULE);
        }
        var expiration = claims.getExpirationTime();
        return new Caller(
                user,
                auth.checkScopes() && !isAdmin ? scopes : null,
                isolated,
                expiration == null ? null : expiration.toInstant());
    }

    private static Set<String> scopes(@Nullable Object claim) {
        var scopes = new HashSet<String>();
        if (claim instanceof List<?> list) {
            list.forEach(each -> scopes.add(String.valueOf(each)));
        } else if (claim instanceof String text) {
            scopes.addAll(List.of(text.split("[ ,]+")));
        }
        return scopes;
    }
}
