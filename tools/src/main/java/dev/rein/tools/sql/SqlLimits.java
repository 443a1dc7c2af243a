package dev.rein.tools.sql;

/**
 * Bounds of the result of a query.
 *
 * @param rows maximum number of rows
 * @param cellBytes maximum number of bytes of one value
 * @param resultBytes maximum number of bytes of all values and column names
 */
record SqlLimits(int rows, int cellBytes, int resultBytes) {}
