package io.leadroutes.zoominfo.pacing;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.AgroalConnectionFactoryConfiguration;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.exceptionsorter.PostgreSQLExceptionSorter;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * Connections of their own for slots and leases: a slot never waits behind the work of the stages, and a database that
 * is silent holds nobody up for long. The address and the login are those of the application's datasource.
 */
@Singleton
class EgressConnections implements AutoCloseable {

    /** Nothing is waited for longer: a connection, a statement, an answer. */
    private static final int SECONDS = 2;
    private static final int MOST = 6;

    private final AgroalDataSource pool;

    EgressConnections(AgroalDataSource application) throws SQLException {
        AgroalConnectionFactoryConfiguration to = application.getConfiguration().connectionPoolConfiguration()
                .connectionFactoryConfiguration();
        pool = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(MOST)
                        .acquisitionTimeout(Duration.ofSeconds(SECONDS))
                        .exceptionSorter(new PostgreSQLExceptionSorter())
                        .connectionFactoryConfiguration(factory -> {
                            factory.jdbcUrl(to.jdbcUrl()).principal(to.principal());
                            to.credentials().forEach(factory::credential);
                            to.jdbcProperties().forEach((name, value) -> factory.jdbcProperty(name.toString(),
                                    value.toString()));
                            return factory.jdbcProperty("connectTimeout", Integer.toString(SECONDS))
                                    .jdbcProperty("socketTimeout", Integer.toString(SECONDS))
                                    .jdbcProperty("ApplicationName", "leadroutes-egress")
                                    .initialSql("set statement_timeout = " + (SECONDS * 1000 - 500));
                        })));
    }

    DataSource dataSource() {
        return pool;
    }

    @PreDestroy
    @Override
    public void close() {
        pool.close();
    }
}
