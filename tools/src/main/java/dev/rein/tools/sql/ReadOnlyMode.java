package dev.rein.tools.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** How a database is made to reject changes within a transaction, beyond what {@link Connection#setReadOnly} does. */
enum ReadOnlyMode {
    /** By the driver alone. */
    OF_DRIVER,

    /** The driver's option {@code readOnlyMode=ignore} would turn {@code setReadOnly} off. */
    POSTGRESQL {
        @Override
        void begin(Statement statement) throws SQLException {
            statement.execute("SET TRANSACTION READ ONLY");
        }
    },

    /** The driver rejects {@code setReadOnly} on an open connection. */
    SQLITE {
        @Override
        void begin(Statement statement) throws SQLException {
            statement.execute("PRAGMA query_only = ON");
        }

        @Override
        void end(Connection connection) throws SQLException {
            try (var statement = connection.createStatement()) {
                statement.execute("PRAGMA query_only = OFF");
            }
        }
    };

    static ReadOnlyMode of(Connection connection) throws SQLException {
        return switch (connection.getMetaData().getDatabaseProductName()) {
            case "PostgreSQL" -> POSTGRESQL;
            case "SQLite" -> isQueryOnly(connection) ? OF_DRIVER : SQLITE;
            default -> OF_DRIVER;
        };
    }

    private static boolean isQueryOnly(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("PRAGMA query_only")) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    /** Called in the transaction, before its query. */
    void begin(Statement statement) throws SQLException {}

    /** Called after the transaction. */
    void end(Connection connection) throws SQLException {}
}
