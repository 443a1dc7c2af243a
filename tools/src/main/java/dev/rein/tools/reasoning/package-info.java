/**
 * Tools by which a model that does not reason of its own works step by step: {@link dev.rein.tools.reasoning.ReasoningTools}. They do nothing but
 * note the steps.
 */
@NullMarked
package dev.rein.tools.reasoning;

import org.jspecify.annotations.NullMarked;
