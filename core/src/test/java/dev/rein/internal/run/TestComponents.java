package dev.rein.internal.run;

import dev.rein.run.ComponentBuilder;
import dev.rein.run.ComponentSettings;

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
