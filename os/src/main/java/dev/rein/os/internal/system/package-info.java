/** What describes the server and its components: configuration, OpenAPI, metrics, and features it does not have. */
@NullMarked
package dev.rein.os.internal.system;

import org.jspecify.annotations.NullMarked;
