package io.leadroutes.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.fault.Cluster.SeenCall;
import io.leadroutes.process.Installation;
import io.leadroutes.process.PackagedProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Replicas are restarted one after the other under load, behind a balancer that watches their readiness (D14). */
@Isolated("asserts that no call comes too early")
class RollingRestartFaultIT {

    private static final int RESTARTS = Boolean.getBoolean("faults.long") ? 9 : 2;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int DRAIN_SECONDS = 30;

    private final Set<Replica> ready = ConcurrentHashMap.newKeySet();
    private final Map<Integer, AtomicInteger> answers = new ConcurrentHashMap<>();
    private final Queue<String> troubles = new ConcurrentLinkedQueue<>();
    private final AtomicInteger number = new AtomicInteger();

    @Test
    void noRequestFailsAndNothingIsRepeated() throws IOException {
        try (Cluster cluster = new Cluster("rolling-restart").replicas(3).key("quarkus.shutdown.delay", "3S").start()) {
            PackagedProcess.send("PUT", cluster.sandbox().zoominfoUrl() + "/_sandbox/settings",
                    "{\"latency\": 500}");
            ScheduledExecutorService load = Executors.newScheduledThreadPool(4);
            List<Long> drains = new ArrayList<>();
            try {
                load.scheduleWithFixedDelay(() -> watch(cluster), 0, 200, TimeUnit.MILLISECONDS);
                load.scheduleAtFixedRate(() -> send(cluster), 1_000, 40, TimeUnit.MILLISECONDS);
                load.scheduleAtFixedRate(() -> send(cluster), 1_020, 40, TimeUnit.MILLISECONDS);
                for (int i = 0; i < RESTARTS; i++) {
                    cluster.awaitEnded(cluster.ended() + 50, PATIENCE);
                    Replica one = i == 0 ? cluster.holder() : cluster.replica(i % 3);
                    long begun = System.nanoTime();
                    one.terminate();
                    one.awaitEnd(Duration.ofSeconds(60));
                    drains.add(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun));
                    one.start();
                }
                cluster.awaitEnded(cluster.ended() + 50, PATIENCE);
            } finally {
                load.shutdown();
                load.awaitTermination(10, TimeUnit.SECONDS);
            }
            cluster.awaitOutcomes(PATIENCE);

            assertThat(answers.keySet()).as("statuses; %s", troubles).containsExactly(202);
            assertThat(drains).as("seconds from SIGTERM to the end").allMatch(seconds -> seconds <= DRAIN_SECONDS);
            List<SeenCall> calls = cluster.calls("/enrich/contact");
            assertThat(calls).as("statuses of enrich calls").allMatch(call -> call.status() == 200);
            Map<String, Long> times = calls.stream().flatMap(call -> call.ids().stream())
                    .collect(Collectors.groupingBy(id -> id, Collectors.counting()));
            assertThat(times.values()).as("times that a person was asked for").allMatch(count -> count == 1);
            Invariants.of(cluster).named(String.format(Locale.ROOT, "D14, 3 replicas, %d restarts, %d requests, drains %s s",
                    RESTARTS, number.get(), drains)).check();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** As a load balancer looks. */
    private void watch(Cluster cluster) {
        for (Replica replica : cluster.replicas()) {
            boolean up;
            try {
                JsonNode health = replica.health("ready");
                up = health.path("status").asText().equals("UP");
            } catch (IOException | RuntimeException e) {
                up = false;
            }
            if (up) {
                ready.add(replica);
            } else {
                ready.remove(replica);
            }
        }
    }

    /** One lead to the next replica that is ready; a connection that cannot be made is tried at another. */
    private void send(Cluster cluster) {
        int turn = number.getAndIncrement();
        try {
            byte[] body = Installation.JSON.writeValueAsBytes(List.of(cluster.lead(Installation.person())));
            List<Replica> all = List.copyOf(ready);
            for (int i = 0; i < all.size(); i++) {
                Replica replica = all.get((turn + i) % all.size());
                try {
                    HttpResponse<String> answer = PackagedProcess.send(HttpRequest.newBuilder(
                            URI.create(replica.api("/api/leads"))).header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofByteArray(body)));
                    answers.computeIfAbsent(answer.statusCode(), status -> new AtomicInteger()).incrementAndGet();
                    if (answer.statusCode() == 202) {
                        cluster.remember(answer.body());
                    } else {
                        troubles.add(replica.name() + " " + answer.statusCode() + " " + answer.body());
                    }
                    return;
                } catch (java.net.ConnectException e) {
                    // Nobody listens there any more; nothing was sent.
                }
            }
            troubles.add("no replica took request " + turn);
            answers.computeIfAbsent(0, status -> new AtomicInteger()).incrementAndGet();
        } catch (IOException | RuntimeException e) {
            troubles.add(e.toString());
            answers.computeIfAbsent(-1, status -> new AtomicInteger()).incrementAndGet();
        }
    }
}
