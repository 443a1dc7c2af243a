package dev.rein.spring;

import dev.rein.run.CallInterceptor;
import dev.rein.run.RunInfo;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Carries the authentication of the thread that starts a run to the calls of the run, so that its tools act for the same user.
 * Thread-safe.
 */
final class SecurityContextInterceptor implements CallInterceptor {
    private final @Nullable Authentication authentication;

    SecurityContextInterceptor() {
        this(null);
    }

    private SecurityContextInterceptor(@Nullable Authentication authentication) {
        this.authentication = authentication;
    }

    /** A run below another one acts for the user of that, unless the code that starts it acts for somebody else. */
    @Override
    public CallInterceptor forRun(RunInfo run) {
        var current = SecurityContextHolder.getContext().getAuthentication();
        return current == null ? this : new SecurityContextInterceptor(current);
    }

    @Override
    public <T extends @Nullable Object> T intercept(Call call, Callable<T> code) throws Exception {
        if (authentication == null) {
            return code.call();
        }
        var before = SecurityContextHolder.getContext();
        // A context of its own: that of a request may change when the request is over.
        var context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(authentication);
        SecurityContextHolder.setContext(context);
        try {
            return code.call();
        } finally {
            if (before.getAuthentication() == null) {
                SecurityContextHolder.clearContext();
            } else {
                SecurityContextHolder.setContext(before);
            }
        }
    }
}
