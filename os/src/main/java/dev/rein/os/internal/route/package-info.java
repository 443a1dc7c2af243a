/** What a route is: its path, parameters, checked values, caller and errors. */
@NullMarked
package dev.rein.os.internal.route;

import org.jspecify.annotations.NullMarked;
