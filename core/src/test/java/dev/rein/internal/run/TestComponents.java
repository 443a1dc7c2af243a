package dev.rein.internal.run;

import dev.rein.runtime.ComponentBuilder;
import dev.rein.runtime.ComponentSettings;

/** What a component of a test was built with. */
final class TestComponents extends ComponentBuilder<TestComponents> {
    private TestComponents() {}

    static ComponentSettings settings(String id) {
        return new TestComponents().id(id).component();
    }

    @Override
    protected TestComponents self() {
        return this;
    }
}
