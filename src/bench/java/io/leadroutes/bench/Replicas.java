package io.leadroutes.bench;

import io.leadroutes.bench.Contender.Client;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The replicas of one contender, and the threads that keep them busy. */
final class Replicas implements AutoCloseable {

    /** One replica of a contender. */
    interface Maker {
        Client make(int number) throws Exception;
    }

    private final List<Client> clients;
    private final List<AutoCloseable> shared;

    private Replicas(List<Client> clients, List<AutoCloseable> shared) {
        this.clients = clients;
        this.shared = shared;
    }

    /** @param shared what they share, to be closed after them */
    static Replicas of(int count, Maker maker, AutoCloseable... shared) throws Exception {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(maker.make(i));
        }
        return new Replicas(clients, List.of(shared));
    }

    /** So many threads in all call without a pause for so long. */
    void saturate(int threads, long nanos) throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService callers = Executors.newFixedThreadPool(threads);
        for (int i = 0; i < threads; i++) {
            Client client = clients.get(i % clients.size());
            callers.execute(() -> {
                while (!over.get() && !Thread.currentThread().isInterrupted()) {
                    try {
                        client.call();
                    } catch (InterruptedException e) {
                        return;
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }
            });
        }
        TimeUnit.NANOSECONDS.sleep(nanos);
        over.set(true);
        callers.shutdownNow();
    }

    @Override
    public void close() throws Exception {
        for (Client client : clients) {
            client.close();
        }
        for (AutoCloseable each : shared) {
            each.close();
        }
    }
}
