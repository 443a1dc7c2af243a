package dev.rein.testkit;

import dev.rein.session.InMemorySessionStore;
import dev.rein.session.SessionStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store that passes every call on to another one, unless a test has said what happens instead: calls can be observed, parked,
 * made to fail, or have something else happen just before or after them. Methods are named as in the store's interface, and a
 * name stands for all methods of that name. Thread-safe.
 *
 * <pre>{@code
 * var intercepted = InterceptedStore.of(SharedStore.class, JdbcSessionStore.sqlite(file));
 * intercepted.before("acknowledge", call -> other.requestCancel("run", CancelRequest.now()));
 * var agent = Agent.builder().model(model).store(intercepted.store()).build();
 * }</pre>
 *
 * <p>Several starts or ends of runs that are written together arrive as single calls of {@code insert} or {@code finish}, so that
 * each can be intercepted.
 *
 * @param <S> the interface that the store has for its users
 */
public final class InterceptedStore<S extends SessionStore> {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final Class<S> type;
    private final S target;
    private final S store;
    private final Map<String, Interceptor> interceptors = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();

    private InterceptedStore(Class<S> type, S target) {
        this.type = type;
        this.target = target;
        this.store = type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, this::invoke));
    }

    /** Intercepts the calls of a store, by an interface of it such as {@code SharedStore.class}. */
    public static <S extends SessionStore> InterceptedStore<S> of(Class<S> type, S target) {
        return new InterceptedStore<>(type, target);
    }

    /** Intercepts the calls of a new store in memory. */
    public static InterceptedStore<SessionStore> inMemory() {
        return of(SessionStore.class, new InMemorySessionStore());
    }

    /** What happens in place of a call. */
    @FunctionalInterface
    public interface Interceptor {
        /** @return what the call returns; null for a method without a result */
        @Nullable
        Object intercept(Call call) throws Exception;
    }

    /** What happens before or after a call. */
    @FunctionalInterface
    public interface Action {
        /** An exception that this throws is thrown by the call. */
        void run(Call call) throws Exception;
    }

    /** A call of the store, on the thread of its caller. */
    public interface Call {
        /** The name of the method. */
        String method();

        /** The arguments, in their order. */
        List<Object> arguments();

        /**
         * Passes the call on.
         *
         * @return the result; null if there is none
         */
        @Nullable
        Object proceed() throws Exception;
    }

    /** The store to be used by what is tested. */
    public S store() {
        return store;
    }

    /** The store that calls are passed on to. */
    public S target() {
        return target;
    }

    // ---- what a test wants of calls

    /**
     * Has something happen in place of each call of a method, until told otherwise.
     *
     * @throws IllegalArgumentException if the store has no such method
     */
    public void on(String method, Interceptor interceptor) {
        if (Arrays.stream(type.getMethods()).noneMatch(each -> each.getName().equals(method))) {
            throw new IllegalArgumentException(type.getSimpleName() + " has no method \"" + method + "\"");
        }
        interceptors.put(method, interceptor);
    }

    /** Has something happen before each call of a method. */
    public void before(String method, Action action) {
        on(method, call -> {
            action.run(call);
            return call.proceed();
        });
    }

    /** Has something happen after each call of a method that has returned. */
    public void after(String method, Action action) {
        on(method, call -> {
            var result = call.proceed();
            action.run(call);
            return result;
        });
    }

    /** Has each call of some methods wait, uninterruptibly, before it is passed on. */
    public Parked park(String... methods) {
        var parked = new Parked();
        for (var method : methods) {
            before(method, _ -> parked.stand());
        }
        return parked;
    }

    /** Has each call of some methods throw. */
    public void fail(Supplier<? extends RuntimeException> failure, String... methods) {
        for (var method : methods) {
            on(method, _ -> {
                throw failure.get();
            });
        }
    }

    /** Passes on the calls of some methods as they are again; of all, if none is given. */
    public void pass(String... methods) {
        if (methods.length == 0) {
            interceptors.clear();
        }
        Arrays.asList(methods).forEach(interceptors::remove);
    }

    /** The names of the methods that were called so far, in the order of the calls. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    /** How often a method was called so far. */
    public int calls(String method) {
        return (int) calls.stream().filter(method::equals).count();
    }

    /** Calls that wait until the test lets them go. */
    public static final class Parked {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);

        private Parked() {}

        private void stand() {
            reached.countDown();
            var interrupted = false;
            try {
                while (true) {
                    try {
                        if (!open.await(LONGEST_WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
                            throw new AssertionError(
                                    "a parked call of the store was not let go within " + LONGEST_WAIT);
                        }
                        return;
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        /**
         * Waits until a call stands here.
         *
         * @throws AssertionError if none comes within a minute
         */
        public void awaitCall() throws InterruptedException {
            if (!reached.await(LONGEST_WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError("the store was not called within " + LONGEST_WAIT);
            }
        }

        /** Whether a call stands here, or has stood here. */
        public boolean isReached() {
            return reached.getCount() == 0;
        }

        /** Lets the calls go, and later ones pass. */
        public void open() {
            open.countDown();
        }
    }

    // ---- calls

    @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself and nothing else
    private @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given) throws Throwable {
        var arguments = given == null ? new Object[0] : given;
        if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "intercepted " + target;
            };
        }
        var isBatch = arguments.length == 1 && arguments[0] instanceof List;
        if (isBatch && Set.of("insert", "finish").contains(method.getName())) {
            return InvocationHandler.invokeDefault(proxy, method, arguments);
        }
        calls.add(method.getName());
        var interceptor = interceptors.get(method.getName());
        var call = new ReflectiveCall(target, method, arguments);
        return interceptor == null ? call.proceed() : interceptor.intercept(call);
    }

    private static final class ReflectiveCall implements Call {
        private final Object target;
        private final Method method;
        private final Object[] arguments;

        ReflectiveCall(Object target, Method method, Object[] arguments) {
            this.target = target;
            this.method = method;
            this.arguments = arguments;
        }

        @Override
        public String method() {
            return method.getName();
        }

        @Override
        public List<Object> arguments() {
            return Arrays.asList(arguments.clone());
        }

        @Override
        public @Nullable Object proceed() throws Exception {
            try {
                return method.invoke(target, arguments);
            } catch (InvocationTargetException e) {
                switch (e.getCause()) {
                    case Exception cause -> throw cause;
                    case Error cause -> throw cause;
                    case null, default -> throw e;
                }
            }
        }
    }
}
