/** What the ready guardrails are made of: texts without disguises, searches that a stop ends, detectors of personal data. */
@NullMarked
package dev.rein.internal.guardrail;

import org.jspecify.annotations.NullMarked;
