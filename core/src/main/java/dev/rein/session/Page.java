package dev.rein.session;

import java.util.List;

/**
 * A part of a long list. Immutable.
 *
 * @param items what is on this page, in the order that was asked for
 * @param page which page, from 1
 * @param limit how many are on a page at most
 * @param total how many there are on all pages
 * @param <T> what is listed
 */
public record Page<T>(List<T> items, int page, int limit, long total) {
    public Page {
        items = List.copyOf(items);
        check(page, limit);
    }

    /** How many pages there are; 0 when there is nothing. */
    public long pages() {
        return Math.ceilDiv(total, limit);
    }

    /** The page of a list that is all in memory. */
    static <T> Page<T> of(List<T> all, int page, int limit) {
        var from = Math.min((long) (page - 1) * limit, all.size());
        return new Page<>(all.subList((int) from, (int) Math.min(from + limit, all.size())), page, limit, all.size());
    }

    static void check(int page, int limit) {
        if (page < 1) {
            throw new IllegalArgumentException("page is " + page + ": pages are counted from 1");
        }
        if (limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + ": ask for at least 1");
        }
    }
}
