/** Tests of the starter, with real applications on real ports. */
@NullMarked
package dev.rein.spring;

import org.jspecify.annotations.NullMarked;
