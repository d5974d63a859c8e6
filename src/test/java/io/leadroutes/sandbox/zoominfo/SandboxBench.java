package io.leadroutes.sandbox.zoominfo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.sandbox.SandboxClient;
import io.leadroutes.sandbox.control.SandboxTime;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.account.Tokens;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Prints how many enrich calls a second the ZoomInfo stand-in answers with limits off. The stand-in has one event loop; its CPU time
 * is what a call costs, whatever else the machine does, so that calls per CPU second are what one core gives. A program, not a test.
 */
public final class SandboxBench {

    /** What the enrichment job asks for, filled up to forty. */
    private static final List<String> FIELDS = List.of("id", "firstName", "middleName", "lastName", "email", "phone",
            "mobilePhone", "jobTitle", "jobFunction", "managementLevel", "street", "city", "region", "zipCode", "state", "country",
            "contactAccuracyScore", "validDate", "lastUpdatedDate", "externalUrls", "personHasMoved", "withinEu",
            "withinCalifornia", "withinCanada", "noticeProvidedDate", "companyId", "companyName", "companyWebsite",
            "companyPhone", "companyStreet", "companyCity", "companyState", "companyZipCode", "companyCountry",
            "companyRevenueNumeric", "companyRevenueRange", "companyEmployeeCount", "companyEmployeeRange", "companyPrimaryIndustry",
            "companyType");
    private static final int CONNECTIONS = 8;
    private static final int WARM_UP_SECONDS = 12;
    private static final int SECONDS = 12;

    private SandboxBench() {
    }

    public static void main(String... args) throws Exception {
        World world = World.of(42);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        try (ZoomInfoServer server = ZoomInfoServer.start("127.0.0.1", 0, world, 42, SandboxTime.system())) {
            SandboxClient client = new SandboxClient(server.port());
            client.settings("{\"limits\":{\"enforced\":false},\"usage\":{\"enforced\":false}}");
            JsonNode login = new ObjectMapper().readTree(client.post("/authenticate", "{\"username\":\"" + Tokens.USERNAME
                    + "\",\"password\":\"" + Tokens.PASSWORD + "\"}").body());
            long eventLoop = eventLoop(threads);
            System.out.printf("%d output fields, %d connections, %d s each after %d s of warming up%n", FIELDS.size(),
                    CONNECTIONS, SECONDS, WARM_UP_SECONDS);
            for (int inputs : new int[] {1, 25}) {
                List<byte[]> requests = requests(world, inputs, login.path("jwt").asText());
                try (Load load = new Load(server.port(), requests)) {
                    sleep(WARM_UP_SECONDS);
                    long calls = load.calls.get();
                    long bytes = load.bytes.get();
                    long cpu = threads.getThreadCpuTime(eventLoop);
                    long collecting = collecting();
                    long start = System.nanoTime();
                    sleep(SECONDS);
                    double wall = (System.nanoTime() - start) / 1e9;
                    double busy = (threads.getThreadCpuTime(eventLoop) - cpu) / 1e9;
                    long done = load.calls.get() - calls;
                    System.out.printf("%2d inputs: %6.0f calls per CPU second of the event loop (%.0f us a call, %.0f bytes an answer); "
                            + "wall clock %.0f calls/s with the event loop on CPU %.0f %% of the time; garbage collection %d ms%n",
                            inputs, done / busy, busy * 1e6 / done, (load.bytes.get() - bytes) / (double) done, done / wall,
                            100 * busy / wall, collecting() - collecting);
                }
            }
        }
    }

    private static long eventLoop(ThreadMXBean threads) {
        for (long id : threads.getAllThreadIds()) {
            if (threads.getThreadInfo(id).getThreadName().startsWith("vert.x-eventloop")) {
                return id;
            }
        }
        throw new IllegalStateException("no event loop runs");
    }

    private static long collecting() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream().mapToLong(GarbageCollectorMXBean::getCollectionTime).sum();
    }

    /** Calls about people all over the world, by id, by e-mail address, and by name and company. */
    private static List<byte[]> requests(World world, int inputs, String token) {
        String fields = FIELDS.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(","));
        ThreadLocalRandom random = ThreadLocalRandom.current();
        List<byte[]> requests = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            List<String> people = new ArrayList<>();
            for (int k = 0; k < inputs; k++) {
                Person person = world.people().get(random.nextInt(world.people().size()));
                people.add(k % 3 == 0 && !person.email().isEmpty() ? "{\"emailAddress\":\"" + person.email() + "\"}" : k % 3 == 1
                        ? "{\"firstName\":\"" + person.firstName() + "\",\"lastName\":\"" + person.lastName()
                                + "\",\"companyName\":\"" + person.company().name() + "\"}"
                        : "{\"personId\":" + person.id() + "}");
            }
            String body = "{\"matchPersonInput\":[" + String.join(",", people) + "],\"outputFields\":[" + fields + "]}";
            byte[] content = body.getBytes(StandardCharsets.UTF_8);
            byte[] head = ("POST /enrich/contact HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                    + "\r\nContent-Type: application/json\r\nX-Request-Id: bench-" + i + "\r\nContent-Length: " + content.length
                    + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
            byte[] request = new byte[head.length + content.length];
            System.arraycopy(head, 0, request, 0, head.length);
            System.arraycopy(content, 0, request, head.length, content.length);
            requests.add(request);
        }
        return requests;
    }

    private static void sleep(int seconds) throws InterruptedException {
        Thread.sleep(seconds * 1_000L);
    }

    /** Sends one call after the other on each connection, with as little work as possible. */
    private static final class Load implements AutoCloseable {

        private final AtomicLong calls = new AtomicLong();
        private final AtomicLong bytes = new AtomicLong();
        private final List<Thread> senders = new ArrayList<>();
        private volatile boolean ended;

        Load(int port, List<byte[]> requests) {
            for (int i = 0; i < CONNECTIONS; i++) {
                int first = i * requests.size() / CONNECTIONS;
                Thread sender = new Thread(() -> run(port, requests, first), "bench-" + i);
                sender.start();
                senders.add(sender);
            }
        }

        private void run(int port, List<byte[]> requests, int first) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.setTcpNoDelay(true);
                OutputStream out = socket.getOutputStream();
                InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 17);
                byte[] waste = new byte[1 << 17];
                for (int i = first; !ended; i++) {
                    out.write(requests.get(i % requests.size()));
                    int length = length(in);
                    for (int left = length; left > 0;) {
                        left -= Math.max(0, in.read(waste, 0, Math.min(left, waste.length)));
                    }
                    calls.incrementAndGet();
                    bytes.addAndGet(length);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Reads the head; fails on anything but 200. */
        private static int length(InputStream in) throws IOException {
            StringBuilder head = new StringBuilder(1_024);
            while (head.length() < 4 || head.charAt(head.length() - 1) != '\n' || head.charAt(head.length() - 3) != '\n') {
                int read = in.read();
                if (read < 0) {
                    throw new IOException("the stand-in closed the connection after " + head);
                }
                head.append((char) read);
            }
            if (!head.toString().startsWith("HTTP/1.1 200")) {
                throw new IOException(head.toString());
            }
            int at = head.indexOf("content-length: ");
            at = at < 0 ? head.indexOf("Content-Length: ") : at;
            return Integer.parseInt(head.substring(at + 16, head.indexOf("\r", at)));
        }

        @Override
        public void close() throws InterruptedException {
            ended = true;
            for (Thread sender : senders) {
                sender.join();
            }
        }
    }
}
