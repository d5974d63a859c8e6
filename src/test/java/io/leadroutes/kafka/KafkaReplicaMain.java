package io.leadroutes.kafka;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The intake of a {@link KafkaReplica} in a process of its own, to be killed. */
final class KafkaReplicaMain {

    private KafkaReplicaMain() {
    }

    static Process start(Broker broker, DataSource database, String name) throws IOException, SQLException {
        try (Connection connection = database.getConnection()) {
            return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
                    "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                    KafkaReplicaMain.class.getName(), broker.address(), broker.jaas(), connection.getMetaData().getURL(),
                    name).redirectErrorStream(true).redirectOutput(Path.of("target", "kafka", name + ".log").toFile())
                    .start();
        }
    }

    public static void main(String... args) throws IOException {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(args[2]);
        database.setUser("postgres");
        new KafkaReplica(args[0], args[1], database, args[3], leads -> leads).startIntake();
        // The pipe to the test ends with it.
        while (System.in.read() >= 0) {
            continue;
        }
        Runtime.getRuntime().halt(0);
    }
}
