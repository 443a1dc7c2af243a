/**
 * What tests of agents need: a provider that hangs where you tell it to, a model that answers from a script, rules for
 * message lists, and a check for leaks. Start with {@link dev.rein.testkit.ScriptedModel} to test an agent without a
 * network, and with {@link dev.rein.testkit.FakeProvider} when the socket matters. {@link dev.rein.testkit.MessageRules}
 * and {@link dev.rein.testkit.LeakCheck} belong at the end of either kind of test.
 */
@NullMarked
package dev.rein.testkit;

import org.jspecify.annotations.NullMarked;
