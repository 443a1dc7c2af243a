/** How a workflow is run: not for use outside Rein. */
@NullMarked
package dev.rein.internal.workflow;

import org.jspecify.annotations.NullMarked;
