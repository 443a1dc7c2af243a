package dev.rein.runtime;

import dev.rein.run.CallInterceptor;
import dev.rein.run.RunListener;
import dev.rein.run.TypeRef;
import dev.rein.session.EventPolicy;
import dev.rein.session.SessionPolicy;
import dev.rein.session.SessionStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings that all kinds of components have; see {@link ComponentBuilder} for their meaning. Immutable.
 *
 * @param id see {@link ComponentBuilder#id}
 * @param name see {@link ComponentBuilder#name}
 * @param description see {@link ComponentBuilder#description}
 * @param limits see {@link ComponentBuilder#limits}
 * @param onCancel see {@link ComponentBuilder#onCancel}
 * @param hookTimeout see {@link ComponentBuilder#hookTimeouts}
 * @param hooksTimeout see {@link ComponentBuilder#hookTimeouts}
 * @param store see {@link ComponentBuilder#store}
 * @param storeOptional see {@link ComponentBuilder#storeOptional}
 * @param storeEvents see {@link ComponentBuilder#storeEvents}
 * @param storeWait see {@link ComponentBuilder#storeWait}
 * @param sessionPolicy see {@link ComponentBuilder#sessionPolicy}
 * @param sessionState see {@link ComponentBuilder#sessionState}
 * @param debug see {@link ComponentBuilder#debug}
 * @param listeners see {@link ComponentBuilder#listener}
 * @param interceptors see {@link ComponentBuilder#interceptor}
 * @param runs see {@link ComponentBuilder#runs}
 * @param inputType see {@link ComponentBuilder#inputType}; null for any text
 */
public record ComponentSettings(
        String id,
        @Nullable String name,
        @Nullable String description,
        Limits limits,
        List<CancelHook> onCancel,
        Duration hookTimeout,
        Duration hooksTimeout,
        @Nullable SessionStore store,
        boolean storeOptional,
        EventPolicy storeEvents,
        Duration storeWait,
        SessionPolicy sessionPolicy,
        Map<String, Object> sessionState,
        boolean debug,
        List<RunListener> listeners,
        List<CallInterceptor> interceptors,
        Runs runs,
        @Nullable TypeRef<?> inputType) {}
