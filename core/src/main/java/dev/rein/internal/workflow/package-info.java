/** The runs of workflows: the execution of their steps, and the checks for a resume. Start with {@link dev.rein.internal.workflow.WorkflowPlan}. */
@NullMarked
package dev.rein.internal.workflow;

import org.jspecify.annotations.NullMarked;
