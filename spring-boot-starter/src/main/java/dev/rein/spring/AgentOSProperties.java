package dev.rein.spring;

import dev.rein.runtime.DisconnectPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * AgentOS, which serves all beans that are agents, teams or workflows and have a name. Immutable.
 *
 * @param enabled whether there is one, if there is something to serve
 * @param path the path in the application's server, such as /agentos; on a port of its own if not set
 * @param host the address to listen on
 * @param port the port to listen on; 0 for any free one. Default: 7777
 * @param securityKey the key that requests must send; by default that of the environment variable OS_SECURITY_KEY
 * @param insecure whether other machines have access without a key or token, such as behind Spring Security
 * @param corsOrigins the origins of web pages that may use it, in place of the default ones
 * @param id the id of the server
 * @param name the name of the server
 * @param description the description of the server
 * @param console whether the console, a page for people, is served. Default: only if the host is the local machine
 * @param onDisconnect what happens to a streamed run when its client disconnects
 */
@ConfigurationProperties("rein.agent-os")
public record AgentOSProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String path,
        @DefaultValue("localhost") String host,
        @Nullable Integer port,
        @Nullable String securityKey,
        @DefaultValue("false") boolean insecure,
        @Nullable List<String> corsOrigins,
        @Nullable String id,
        @Nullable String name,
        @Nullable String description,
        @Nullable Boolean console,
        @DefaultValue("cancel") OnDisconnect onDisconnect) {

    /** What happens to a run whose client disconnects. */
    public enum OnDisconnect {
        CANCEL,
        CONTINUE;

        DisconnectPolicy policy() {
            return this == CANCEL ? DisconnectPolicy.CANCEL : DisconnectPolicy.CONTINUE;
        }
    }

    public AgentOSProperties {
        if (port != null && (port < 0 || port > 65_535)) {
            throw new IllegalArgumentException("rein.agent-os.port is " + port + ": it must be between 0 and 65535");
        }
        if (path != null) {
            if (port != null) {
                throw new IllegalArgumentException("rein.agent-os.path is " + path + ", and rein.agent-os.port is "
                        + port + ": set the path to use the application's server, or the port to use another one");
            }
            if (!path.matches("(/[A-Za-z0-9._~-]+)+")) {
                throw new IllegalArgumentException("rein.agent-os.path is \"" + path
                        + "\": it must begin with a slash, have a name, and end without a slash, as in /agentos");
            }
        }
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "AgentOSProperties[enabled=" + enabled + ", path=" + path + ", host=" + host + ", port=" + port + "]";
    }
}
