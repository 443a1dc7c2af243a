/**
 * Rein in a Spring Boot application: beans for models, stores and runs from {@code rein.*} properties, AgentOS for all agents,
 * teams and workflows, and a shutdown that lets runs finish. Start with {@link dev.rein.spring.Sse} in a controller, and inject
 * {@link dev.rein.agent.AgentBuilder} to build agents.
 */
@NullMarked
package dev.rein.spring;

import org.jspecify.annotations.NullMarked;
