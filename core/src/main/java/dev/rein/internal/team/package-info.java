/** How a team is run: not for use outside Rein. */
@NullMarked
package dev.rein.internal.team;

import org.jspecify.annotations.NullMarked;
