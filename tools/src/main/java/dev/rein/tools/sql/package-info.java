/**
 * A tool that queries a database, read-only. Start with {@link dev.rein.tools.sql.SqlTools}.
 */
@NullMarked
package dev.rein.tools.sql;

import org.jspecify.annotations.NullMarked;
