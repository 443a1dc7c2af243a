package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.run.CallInterceptor;
import dev.rein.run.RunInfo;
import dev.rein.tool.Tool;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A tool sees the user who is signed in on the thread that starts the run, whatever thread it runs on. Asks no model. */
public final class SecurityContextInTools {
    /** The user who is signed in, as a web framework would bind it for a request. */
    private static final ScopedValue<String> USER = ScopedValue.newInstance();

    private SecurityContextInTools() {}

    /** Captures the user when a run starts, and binds it around each call of the run. */
    static final class UserPropagation implements CallInterceptor {
        @Override
        public CallInterceptor forRun(RunInfo run) {
            return USER.isBound() ? new AsUser(USER.get()) : this;
        }

        @Override
        public <T extends @Nullable Object> T intercept(Call call, Callable<T> code) throws Exception {
            return code.call();
        }
    }

    /** Binds the user around each call. */
    private record AsUser(String user) implements CallInterceptor {
        @Override
        public <T extends @Nullable Object> T intercept(Call call, Callable<T> code) throws Exception {
            return ScopedValue.where(USER, user).<T, Exception>call(code::call);
        }
    }

    /** A tool that checks who is signed in. */
    public static final class AccountTools {
        @Tool("Tells the balance of the user who is signed in")
        public String balance() {
            if (!USER.isBound()) {
                throw new SecurityException("nobody is signed in");
            }
            return "the balance of " + USER.get() + " is 20 euros";
        }
    }

    public static void main(String... args) {
        var agent = Agent.builder()
                .name("Banker")
                .model(ExampleModel.thatCalls("balance", "{}"))
                .tools(new AccountTools())
                .interceptor(new UserPropagation())
                .build();

        ScopedValue.where(USER, "odile").run(() -> System.out.println(Outcome.of(agent.run("What is my balance?"))));
        System.out.println(Outcome.of(agent.run("What is my balance?")));
    }
}
