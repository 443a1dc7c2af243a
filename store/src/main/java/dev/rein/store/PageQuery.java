package dev.rein.store;

import dev.rein.session.Page;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;

/** Builds and runs the query for one page of a table's rows. Its SQL consists of constants; values are parameters. */
final class PageQuery {
    private final String table;
    private String columns = "*";
    private final List<String> conditions = new ArrayList<>();
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final Map<String, List<String>> lists = new LinkedHashMap<>();

    PageQuery(String table) {
        this.table = table;
    }

    PageQuery columns(String names) {
        columns = names;
        return this;
    }

    PageQuery where(String condition) {
        conditions.add(condition);
        return this;
    }

    PageQuery where(String condition, String name, Object value) {
        values.put(name, value);
        return where(condition);
    }

    /** @param column the column, one of whose values a row must have */
    PageQuery whereIn(String column, String name, List<String> all) {
        lists.put(name, all);
        return where(column + " in (<" + name + ">)");
    }

    /** A query with the values of the conditions. */
    Query query(Handle handle, String sql) {
        var query = handle.createQuery(sql).bindMap(values);
        lists.forEach(query::bindList);
        return query;
    }

    /** The end of a query: the table and the conditions. */
    String from() {
        return " from " + table + (conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions));
    }

    <T> List<T> list(Handle handle, String order, int page, int limit, RowMapper<T> mapper) {
        return query(handle, "select " + columns + from() + " order by " + order + " limit :limit offset :offset")
                .bind("limit", limit)
                .bind("offset", (page - 1L) * limit)
                .map(mapper)
                .list();
    }

    <T> Page<T> page(Handle handle, String order, int page, int limit, RowMapper<T> mapper) {
        var items = list(handle, order, page, limit, mapper);
        var isAll = page == 1 && items.size() < limit;
        return new Page<>(items, page, limit, isAll ? items.size() : count(handle));
    }

    private long count(Handle handle) {
        return query(handle, "select count(*)" + from()).mapTo(Long.class).one();
    }
}
