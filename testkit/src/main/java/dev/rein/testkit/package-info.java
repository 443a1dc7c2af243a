/**
 * Utilities for tests of agents: a fake provider that can hang at any point, a model that follows a script, checks of message lists,
 * and a leak check. Start with {@link dev.rein.testkit.ScriptedModel} to test an agent without a network, or with {@link
 * dev.rein.testkit.FakeProvider} to test with real sockets. Use {@link dev.rein.testkit.MessageRules} and {@link
 * dev.rein.testkit.LeakCheck} at the end of both kinds of tests.
 */
@NullMarked
package dev.rein.testkit;

import org.jspecify.annotations.NullMarked;
