package dev.rein.tools.sql;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import javax.sql.DataSource;

/** A pool of one connection, which {@code close} does not close. */
final class SingleConnection {
    private SingleConnection() {}

    static DataSource of(Connection connection) {
        return proxy(DataSource.class, connection, proxy(Connection.class, connection, null));
    }

    private static <T> T proxy(Class<T> type, Connection connection, Object pooled) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (pooled != null) {
                        return pooled;
                    }
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
