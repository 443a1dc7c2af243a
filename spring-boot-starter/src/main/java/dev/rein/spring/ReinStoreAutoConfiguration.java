package dev.rein.spring;

import dev.rein.session.InMemorySessionStore;
import dev.rein.session.SessionStore;
import dev.rein.store.JdbcSessionStore;
import dev.rein.store.StoreException;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;

/** The store of sessions and runs: in the application's database, in a file, or in memory. */
@AutoConfiguration(afterName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
@ConditionalOnMissingBean(SessionStore.class)
@EnableConfigurationProperties(ReinProperties.class)
public class ReinStoreAutoConfiguration {

    /** Opened after the application has created its own tables, which may be all of them. */
    @Bean(destroyMethod = "close")
    @DependsOnDatabaseInitialization
    @ConditionalOnProperty(name = "rein.store.type", havingValue = "auto", matchIfMissing = true)
    SessionStore reinStore(ReinProperties properties, ObjectProvider<DataSource> sources, BeanFactory beans) {
        var store = properties.store();
        if (store.file() != null) {
            return file(store);
        }
        if (store.dataSource() == null && sources.stream().findAny().isEmpty()) {
            return new InMemorySessionStore();
        }
        return inDatabase(store, sources, beans);
    }

    @Bean(destroyMethod = "close")
    @DependsOnDatabaseInitialization
    @ConditionalOnProperty(name = "rein.store.type", havingValue = "jdbc")
    SessionStore reinJdbcStore(ReinProperties properties, ObjectProvider<DataSource> sources, BeanFactory beans) {
        return inDatabase(properties.store(), sources, beans);
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnProperty(name = "rein.store.type", havingValue = "sqlite")
    SessionStore reinSqliteStore(ReinProperties properties) {
        return file(properties.store());
    }

    @Bean(destroyMethod = "")
    @ConditionalOnProperty(name = "rein.store.type", havingValue = "memory")
    SessionStore reinMemoryStore() {
        return new InMemorySessionStore();
    }

    private static SessionStore file(ReinProperties.Store store) {
        return JdbcSessionStore.sqlite(Objects.requireNonNull(store.file()), store.lease());
    }

    private static SessionStore inDatabase(
            ReinProperties.Store store, ObjectProvider<DataSource> sources, BeanFactory beans) {
        try {
            return JdbcSessionStore.builder(source(store, sources, beans))
                    .migrate(store.migrate())
                    .lease(store.lease())
                    .build();
        } catch (StoreException e) {
            throw new IllegalStateException(
                    e.getMessage()
                            + ". Rein stores sessions and runs in the application's database: set rein.store.file"
                            + " to an SQLite file for another place, or rein.store.type to memory",
                    e);
        }
    }

    private static DataSource source(
            ReinProperties.Store store, ObjectProvider<DataSource> sources, BeanFactory beans) {
        if (store.dataSource() != null) {
            return beans.getBean(store.dataSource(), DataSource.class);
        }
        var source = sources.getIfUnique();
        if (source == null) {
            var count = sources.stream().count();
            throw new IllegalStateException(
                    count == 0
                            ? "rein.store.type is jdbc, but there is no data source: set spring.datasource.url, or"
                                    + " another type"
                            : "there are " + count + " data sources, and none is primary: set rein.store.data-source to"
                                    + " the name of one, or rein.store.type");
        }
        return source;
    }
}
