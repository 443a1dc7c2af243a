package dev.rein.os.internal;

import dev.rein.agent.Agent;
import dev.rein.os.JwtAuth;
import dev.rein.queue.DurableOptions;
import dev.rein.runtime.DisconnectPolicy;
import dev.rein.runtime.Runs;
import dev.rein.session.SessionStore;
import dev.rein.team.Team;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an AgentOS; see {@link dev.rein.os.AgentOSBuilder}.
 *
 * @param id see {@code id}
 * @param name see {@code name}
 * @param description see {@code description}
 * @param version see {@code version}
 * @param agents see {@code agents}
 * @param teams see {@code teams}
 * @param workflows see {@code workflows}
 * @param store see {@code store}
 * @param storeId see {@code storeId}
 * @param host see {@code host}
 * @param port see {@code port}
 * @param securityKey see {@code securityKey}
 * @param jwt see {@code jwt}
 * @param insecure see {@code insecure}
 * @param origins see {@code corsOrigins}
 * @param drain see {@code drain}
 * @param onDisconnect see {@code onDisconnect}
 * @param console whether the console is served
 * @param limits see {@code limits}
 * @param runs see {@code runs}
 * @param durable how durable runs are queued; null if runs in the background are not durable
 */
public record ServerSettings(
        String id,
        @Nullable String name,
        @Nullable String description,
        String version,
        List<Agent> agents,
        List<Team> teams,
        List<Workflow> workflows,
        @Nullable SessionStore store,
        String storeId,
        String host,
        int port,
        @Nullable String securityKey,
        @Nullable JwtAuth jwt,
        boolean insecure,
        List<String> origins,
        Duration drain,
        DisconnectPolicy onDisconnect,
        boolean console,
        dev.rein.os.ServerLimits limits,
        Runs runs,
        @Nullable DurableOptions durable) {}
