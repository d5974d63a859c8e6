package io.leadroutes.kafka;

import io.leadroutes.process.PackagedProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/**
 * A real Kafka broker in a JVM of its own, which can be killed and started again with its port and data. Serves without
 * log-in on one port, for the tests themselves, and with SASL on another, for the application.
 */
public final class Broker implements AutoCloseable {

    public static final String USER = "leadroutes";
    public static final String PASSWORD = "broker-secret-4711";

    private static Broker shared;

    private final Path directory;
    private final int open;
    private final int controller;
    private final int sasl;
    private Process process;
    private final List<Future<?>> sent = new CopyOnWriteArrayList<>();
    /** One a topic: one for all was seen to leave a batch of a topic made a moment ago unsent (client 4.1.1). */
    private final Map<String, KafkaProducer<byte[], byte[]>> producers = new ConcurrentHashMap<>();

    /** @param name of the directory below {@code target/kafka}; what was in it is gone */
    public Broker(String name) throws IOException {
        directory = Path.of("target", "kafka", name + "-" + System.nanoTime()).toAbsolutePath();
        Files.createDirectories(directory);
        List<Integer> ports = PackagedProcess.freePorts(3);
        open = ports.get(0);
        controller = ports.get(1);
        sasl = ports.get(2);
        Map<String, String> keys = new HashMap<>();
        keys.put("process.roles", "broker,controller");
        keys.put("node.id", "1");
        keys.put("controller.quorum.voters", "1@localhost:" + controller);
        keys.put("controller.listener.names", "CONTROLLER");
        keys.put("inter.broker.listener.name", "OPEN");
        keys.put("listeners", "OPEN://localhost:" + open + ",CONTROLLER://localhost:" + controller + ",LOGIN://localhost:"
                + sasl);
        keys.put("advertised.listeners", "OPEN://localhost:" + open + ",LOGIN://localhost:" + sasl);
        keys.put("listener.security.protocol.map", "OPEN:PLAINTEXT,CONTROLLER:PLAINTEXT,LOGIN:SASL_PLAINTEXT");
        keys.put("listener.name.login.sasl.enabled.mechanisms", "PLAIN");
        keys.put("listener.name.login.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_" + USER + "=\"" + PASSWORD + "\";");
        keys.put("log.dirs", directory.resolve("data").toString());
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            keys.put(topic + ".replication.factor", "1");
        }
        keys.put("offsets.topic.num.partitions", "1");
        keys.put("transaction.state.log.min.isr", "1");
        keys.put("share.coordinator.state.topic.min.isr", "1");
        keys.put("group.initial.rebalance.delay.ms", "0");
        keys.put("group.min.session.timeout.ms", "1000");
        keys.put("broker.session.timeout.ms", "3000");
        keys.put("broker.heartbeat.interval.ms", "300");
        keys.put("auto.create.topics.enable", "false");
        Files.writeString(directory.resolve("server.properties"), keys.entrySet().stream()
                .map(key -> key.getKey() + "=" + key.getValue()).collect(Collectors.joining("\n")));
    }

    /** One broker a test JVM, which ends with it; whoever kills it starts it again. */
    public static synchronized Broker shared() throws IOException {
        if (shared == null) {
            shared = new Broker("shared").start();
        }
        return shared;
    }

    /** Starts the broker, again after {@link #kill()} with the same port and data, and waits until it serves. */
    public Broker start() throws IOException {
        process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                BrokerMain.class.getName(), directory.resolve("server.properties").toString()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("broker.log").toFile())).start();
        try (Admin admin = Admin.create(client())) {
            Awaitility.await("Kafka serves, see " + directory).atMost(Duration.ofSeconds(60)).until(() -> {
                if (!process.isAlive()) {
                    throw new IllegalStateException("the broker ended, see " + directory.resolve("broker.log"));
                }
                try {
                    return !admin.describeCluster().nodes().get(2, TimeUnit.SECONDS).isEmpty();
                } catch (ExecutionException | TimeoutException e) {
                    return false;
                }
            });
        }
        return this;
    }

    /** SIGKILL. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }

    /** Where clients log in with {@link #jaas()}. */
    public String address() {
        return "localhost:" + sasl;
    }

    public String jaas() {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + USER + "\" password=\""
                + PASSWORD + "\";";
    }

    /** The keys with which the application logs in; the secret comes from a file. */
    public Map<String, String> keys() throws IOException {
        Path secret = Files.writeString(directory.resolve("jaas"), jaas());
        return Map.of("kafka.brokers", address(), "kafka.security-protocol", "SASL_PLAINTEXT", "kafka.sasl-mechanism",
                "PLAIN", "kafka.sasl-jaas-config-file", secret.toString());
    }

    private Properties client() {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", "localhost:" + open);
        properties.put("reconnect.backoff.max.ms", "200");
        return properties;
    }

    public Broker topic(String name, int partitions) throws Exception {
        try (Admin admin = Admin.create(client())) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get(20, TimeUnit.SECONDS);
        }
        return this;
    }

    /** Messages that the group has not committed. */
    public long lag(String group, String topic) throws Exception {
        try (GroupLag lag = new GroupLag(new KafkaSettings(Map.of("bootstrap.servers", "localhost:" + open)))) {
            return lag.of(group, topic);
        }
    }

    /** Members of the group now. */
    public int members(String group) throws Exception {
        try (Admin admin = Admin.create(client())) {
            return admin.describeConsumerGroups(List.of(group)).describedGroups().get(group).get(20, TimeUnit.SECONDS)
                    .members().size();
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        Properties properties = client();
        properties.put("key.serializer", ByteArraySerializer.class.getName());
        properties.put("value.serializer", ByteArraySerializer.class.getName());
        properties.put("max.block.ms", "20000");
        return new KafkaProducer<>(properties);
    }

    /** Sends without waiting; what is sent while the broker is away arrives later. */
    public void send(String topic, String key, byte[] value, Map<String, String> headers) {
        ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value);
        headers.forEach((name, text) -> message.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        sent.add(producers.computeIfAbsent(topic, name -> producer()).send(message));
    }

    public void send(String topic, String key, String value) {
        send(topic, key, value.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** Waits until the broker has all that was sent. */
    public void flush() throws Exception {
        for (Future<?> one : sent) {
            one.get(60, TimeUnit.SECONDS);
        }
        sent.clear();
    }

    /** A message as it lies in a topic. */
    public record Read(String key, String value, Map<String, String> headers) {
    }

    /** All messages of a topic now; those of one key in their order. */
    public List<Read> read(String topic) {
        Properties properties = client();
        properties.put("key.deserializer", ByteArrayDeserializer.class.getName());
        properties.put("value.deserializer", ByteArrayDeserializer.class.getName());
        List<Read> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<byte[], byte[]> one : consumer.poll(Duration.ofMillis(200))) {
                    Map<String, String> headers = new HashMap<>();
                    for (Header header : one.headers()) {
                        headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
                    }
                    found.add(new Read(Optional.ofNullable(one.key()).map(key -> new String(key, StandardCharsets.UTF_8))
                            .orElse(""), new String(one.value(), StandardCharsets.UTF_8), headers));
                }
            }
        }
        return found;
    }

    @Override
    public void close() {
        producers.values().forEach(producer -> producer.close(Duration.ofSeconds(1)));
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
