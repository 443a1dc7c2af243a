package dev.rein.os;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** Tokens signed with a shared secret. */
final class TestTokens {
    static final String SECRET = "a secret that is long enough for this algorithm";

    /** What the server needs to accept them. */
    static final JwtAuth AUTH = JwtAuth.key(SECRET).algorithm("HS256");

    private TestTokens() {}

    static String of(String user, String... scopes) {
        return sign(claims(user, scopes)
                .expirationTime(Date.from(Instant.now().plus(Duration.ofHours(1))))
                .build());
    }

    static JWTClaimsSet.Builder claims(String user, String... scopes) {
        return new JWTClaimsSet.Builder().subject(user).claim("scopes", List.of(scopes));
    }

    static String sign(JWTClaimsSet claims) {
        try {
            var token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
            token.sign(new MACSigner(SECRET));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
