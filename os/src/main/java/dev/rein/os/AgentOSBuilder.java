package dev.rein.os;

import dev.rein.agent.Agent;
import dev.rein.os.internal.ServerSettings;
import dev.rein.os.internal.auth.AccessControl;
import dev.rein.queue.DurableOptions;
import dev.rein.runtime.DisconnectPolicy;
import dev.rein.runtime.Runs;
import dev.rein.session.SessionStore;
import dev.rein.team.Team;
import dev.rein.workflow.Workflow;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Builds an {@link AgentOS}. Not thread-safe. */
public final class AgentOSBuilder {
    /** Where agent-ui is served from by default. */
    private static final List<String> LOCAL_ORIGINS = List.of("http://localhost:3000", "http://127.0.0.1:3000");

    /** Pages that know the key or have a token. */
    private static final List<String> ORIGINS = List.of(
            "http://localhost:3000",
            "http://127.0.0.1:3000",
            "https://agno.com",
            "https://www.agno.com",
            "https://app.agno.com",
            "https://os-stg.agno.com",
            "https://os.agno.com");

    private DisconnectPolicy onDisconnect = DisconnectPolicy.CANCEL;
    private @Nullable String id;
    private @Nullable String name;
    private @Nullable String description;
    private String version = "1.0.0";
    private List<Agent> agents = List.of();
    private List<Team> teams = List.of();
    private List<Workflow> workflows = List.of();
    private @Nullable SessionStore store;
    private String storeId = "rein";
    private String host = "localhost";
    private int port = 7777;
    private @Nullable String securityKey = System.getenv("OS_SECURITY_KEY");
    private @Nullable JwtAuth jwt = JwtAuth.fromEnvironment();
    private boolean insecure;
    private @Nullable List<String> origins;
    private @Nullable Boolean console;
    private Duration drain = Duration.ofSeconds(30);
    private ServerLimits limits = ServerLimits.standard();
    private Runs runs = Runs.shared();
    private @Nullable DurableOptions durable;

    AgentOSBuilder() {}

    /** The id of this AgentOS. Default: derived from its name, or random if it has no name. */
    public AgentOSBuilder id(String value) {
        id = value;
        return this;
    }

    public AgentOSBuilder name(String value) {
        name = value;
        return this;
    }

    public AgentOSBuilder description(String value) {
        description = value;
        return this;
    }

    /** The version reported by {@code /info}. Default: 1.0.0. */
    public AgentOSBuilder version(String value) {
        version = Objects.requireNonNull(value, "version");
        return this;
    }

    /** The agents to serve; each needs a name. */
    public AgentOSBuilder agents(Agent... value) {
        agents = List.of(value);
        return this;
    }

    /** The teams to serve; each needs a name. */
    public AgentOSBuilder teams(Team... value) {
        teams = List.of(value);
        return this;
    }

    /** The workflows to serve; each needs a name. */
    public AgentOSBuilder workflows(Workflow... value) {
        workflows = List.of(value);
        return this;
    }

    /**
     * The store of sessions and runs; also used by components that have no store of their own. The caller closes it.
     */
    public AgentOSBuilder store(SessionStore value) {
        store = Objects.requireNonNull(value, "store");
        return this;
    }

    /** The id under which clients see the store. Default: {@code rein}. */
    public AgentOSBuilder storeId(String value) {
        storeId = Objects.requireNonNull(value, "storeId");
        return this;
    }

    /**
     * The address to listen on. Default: {@code localhost}. Any other address requires a security key or JWT
     * authentication.
     */
    public AgentOSBuilder host(String value) {
        host = Objects.requireNonNull(value, "host");
        return this;
    }

    /** @param value the port to listen on; 0 for any free port. Default: 7777 */
    public AgentOSBuilder port(int value) {
        if (value < 0 || value > 65_535) {
            throw new IllegalArgumentException("port is " + value + ": it must be between 0 and 65535");
        }
        port = value;
        return this;
    }

    /**
     * The key that requests must send as {@code Authorization: Bearer}; null or empty for none. Default: the
     * environment variable OS_SECURITY_KEY.
     */
    public AgentOSBuilder securityKey(@Nullable String value) {
        securityKey = value;
        return this;
    }

    /** Authenticates requests by JSON Web Tokens instead of the security key. */
    public AgentOSBuilder jwt(JwtAuth value) {
        jwt = Objects.requireNonNull(value, "jwt");
        return this;
    }

    /**
     * Whether listening on a public address without a security key or JWT authentication is allowed. Default: false.
     */
    public AgentOSBuilder insecure(boolean value) {
        insecure = value;
        return this;
    }

    /**
     * The origins of web pages that may use the server, such as {@code http://localhost:3000}; replaces the default origins. Those
     * are port 3000 of the local machine and, if there is authentication, the pages of agno.com. Pages of these origins can do
     * everything that their user's browser can: without authentication, name only origins that you trust with the whole server.
     */
    public AgentOSBuilder corsOrigins(String... value) {
        origins = List.of(value);
        return this;
    }

    /** How long live runs may take to finish when the server closes. Default: 30 s. */
    public AgentOSBuilder drain(Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException("drain is " + value + ": it must not be negative");
        }
        drain = value;
        return this;
    }

    /**
     * What happens to a streamed run in the foreground when its client disconnects, unless the request says otherwise.
     * Default: {@link DisconnectPolicy#CANCEL}. Runs in the background continue.
     */
    public AgentOSBuilder onDisconnect(DisconnectPolicy value) {
        onDisconnect = Objects.requireNonNull(value, "onDisconnect");
        return this;
    }

    /**
     * Whether the server has the console, a page at {@code /console} for people who run, watch and stop its components. The page
     * needs the same key or token as every other client. Default: only if {@link #host} is the local machine.
     */
    public AgentOSBuilder console(boolean value) {
        console = value;
        return this;
    }

    /** The limits on what clients may use. */
    public AgentOSBuilder limits(ServerLimits value) {
        limits = Objects.requireNonNull(value, "limits");
        return this;
    }

    /**
     * The {@link Runs} that the served components were built with. Default: {@link Runs#shared()}. The server sets their limit
     * of background runs and lists, cancels and counts their live runs.
     */
    public AgentOSBuilder runs(Runs value) {
        runs = Objects.requireNonNull(value, "runs");
        return this;
    }

    /**
     * Makes the runs in the background durable: they wait in the queue of their store, and this server or another one with the same
     * component and store executes them, also after the end of the process that has accepted them. Every served component needs a store
     * with a queue, such as a {@code JdbcSessionStore}: its own, or that of the server. The server executes at most
     * {@link ServerLimits#backgroundRuns} of them at the same time. Default: they are not durable.
     *
     * @param value how they are queued and repeated, such as {@link DurableOptions#defaults()}; without an idempotency key and a
     *     {@code notBefore}, which belong to a run. While its {@code maxQueued} runs are queued, further ones are refused with 429
     * @throws IllegalArgumentException if it has one of these
     */
    public AgentOSBuilder durable(DurableOptions value) {
        if (value.idempotencyKey() != null || value.notBefore() != null) {
            throw new IllegalArgumentException("the options of durable runs have "
                    + (value.idempotencyKey() != null ? "an idempotency key" : "a notBefore")
                    + ", and they are those of all runs of the server: leave it out");
        }
        durable = value;
        return this;
    }

    /**
     * @throws IllegalArgumentException if a component has no name or was built with other {@code runs} than the server, if
     *     two components of a kind share an id, if {@code durable(..)} is set and a component has no store with a queue, or if
     *     the server would listen on a public address without authentication
     */
    public AgentOS build() {
        var key = securityKey == null || securityKey.isEmpty() ? null : securityKey;
        var isOpen = key == null && jwt == null;
        return new AgentOS(new ServerSettings(
                id != null ? id : defaultId(),
                name,
                description,
                version,
                agents,
                teams,
                workflows,
                store,
                storeId,
                host,
                port,
                key,
                jwt,
                insecure,
                origins != null ? origins : isOpen ? LOCAL_ORIGINS : ORIGINS,
                drain,
                onDisconnect,
                console != null ? console : AccessControl.isLoopback(host),
                limits,
                runs,
                durable));
    }

    private String defaultId() {
        return name == null ? UUID.randomUUID().toString() : nameId(name).toString();
    }

    /** A version 5 UUID in the DNS name space, so that issuers of tokens can compute the server's id from its name. */
    private static UUID nameId(String name) {
        try {
            var hash = MessageDigest.getInstance("SHA-1");
            var dns = UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
            hash.update(ByteBuffer.allocate(16)
                    .putLong(dns.getMostSignificantBits())
                    .putLong(dns.getLeastSignificantBits())
                    .flip());
            var bytes = ByteBuffer.wrap(hash.digest(name.getBytes(StandardCharsets.UTF_8)));
            return new UUID(
                    (bytes.getLong() & 0xffff_ffff_ffff_0fffL) | 0x5000L,
                    (bytes.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
