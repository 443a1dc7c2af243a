package dev.rein.spring;

import dev.rein.run.CallInterceptor;
import dev.rein.run.RunListener;
import dev.rein.runtime.Runs;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Has the listeners and interceptors among the beans observe and intercept the runs, in their order. */
final class RunObservers implements SmartInitializingSingleton {
    private final Runs runs;
    private final ObjectProvider<RunListener> listeners;
    private final ObjectProvider<CallInterceptor> interceptors;

    RunObservers(Runs runs, ObjectProvider<RunListener> listeners, ObjectProvider<CallInterceptor> interceptors) {
        this.runs = runs;
        this.listeners = listeners;
        this.interceptors = interceptors;
    }

    @Override
    public void afterSingletonsInstantiated() {
        listeners.orderedStream().forEach(runs::addListener);
        interceptors.orderedStream().forEach(runs::addInterceptor);
    }
}
