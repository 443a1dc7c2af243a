package dev.rein.session;

import java.util.List;

/**
 * A page of a list. Immutable.
 *
 * @param items the items on this page, in the order of the query
 * @param page the number of the page, from 1
 * @param limit the maximum number of items on a page
 * @param total the number of items on all pages
 * @param <T> the type of the items
 */
public record Page<T>(List<T> items, int page, int limit, long total) {
    public Page {
        items = List.copyOf(items);
        check(page, limit);
    }

    /** The number of pages; 0 if there are no items. */
    public long pages() {
        return Math.ceilDiv(total, limit);
    }

    /** Returns a page of a complete list. */
    static <T> Page<T> of(List<T> all, int page, int limit) {
        var from = Math.min((long) (page - 1) * limit, all.size());
        return new Page<>(all.subList((int) from, (int) Math.min(from + limit, all.size())), page, limit, all.size());
    }

    static void check(int page, int limit) {
        if (page < 1) {
            throw new IllegalArgumentException("page is " + page + ": pages are counted from 1");
        }
        if (limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + ": give at least 1");
        }
    }
}
