package io.leadroutes.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP connection between the application and one of its systems that can be made bad while it is in use. It listens
 * on loopback and forwards to a port on loopback, byte for byte; what it carries it does not look into.
 *
 * <p>A fault holds until it is changed or {@link #heal() healed}, for open connections and new ones. Answers are what
 * the server sends, requests what the client sends.
 */
public final class FaultProxy implements AutoCloseable {

    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int CHUNK = 16 * 1024;

    /** How long a piece of data waits; drawn anew for each piece, in nanoseconds. */
    @FunctionalInterface
    public interface Delay {

        Delay NONE = random -> 0;

        long draw(Random random);

        static Delay of(Duration fixed) {
            return random -> fixed.toNanos();
        }

        /** Evenly between the two. */
        static Delay between(Duration least, Duration most) {
            return random -> least.toNanos() + (long) (random.nextDouble() * (most.toNanos() - least.toNanos()));
        }

        /** The absolute value of a normal distribution: the jitter of a good path. */
        static Delay jitter(Duration deviation) {
            return random -> (long) (Math.abs(random.nextGaussian()) * deviation.toNanos());
        }

        static Delay exponential(Duration mean) {
            return random -> (long) (-Math.log(1 - random.nextDouble()) * mean.toNanos());
        }

        /** This delay, and for a share of the pieces another one instead: the spikes of a bad path. */
        default Delay or(double share, Delay other) {
            return random -> random.nextDouble() < share ? other.draw(random) : draw(random);
        }
    }

    /** What becomes of new connections, and of data. */
    private enum Passage {
        OPEN,
        /** Connections are taken, nothing passes either way and nothing is closed: a partition. */
        BLACKHOLE,
        /** Requests pass, answers do not: the other end is there, and never heard of. */
        HALF_OPEN,
        /** Every connection is reset. */
        RESET
    }

    private final int target;
    private final ServerSocket listener;
    private final Set<Line> lines = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong hits = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong bytesDropped = new AtomicLong();
    private volatile Passage passage = Passage.OPEN;
    private volatile Delay requestDelay = Delay.NONE;
    private volatile Delay answerDelay = Delay.NONE;
    private volatile long requestBytesPerSecond;
    private volatile long answerBytesPerSecond;
    private volatile long closeAfter = Long.MAX_VALUE;
    private volatile boolean resetAtEnd;
    private volatile double share = 1;
    private final Random chance = new Random(1);
    private volatile boolean closed;

    /** Listens on a free port of loopback and forwards to {@code target} on loopback. */
    public FaultProxy(int target) {
        this.target = target;
        try {
            listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("fault-proxy-" + listener.getLocalPort(), this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /**
     * No fault any more. Connections that were held up go on, late; those that were cut stay cut, and those that were
     * opened into a blackhole are reset: over a network they had not come about.
     */
    public FaultProxy heal() {
        requestDelay = Delay.NONE;
        answerDelay = Delay.NONE;
        requestBytesPerSecond = 0;
        answerBytesPerSecond = 0;
        closeAfter = Long.MAX_VALUE;
        share = 1;
        passage = Passage.OPEN;
        lines.stream().filter(line -> line.intoNothing).forEach(Line::reset);
        return this;
    }

    /** Only this share of the connections that are opened from now on is hit by faults, 0 to 1. */
    public FaultProxy share(double hit) {
        share = hit;
        return this;
    }

    /** Each piece of a request and of an answer waits. */
    public FaultProxy delay(Delay requests, Delay answers) {
        requestDelay = requests;
        answerDelay = answers;
        return this;
    }

    /** Bandwidth each way of each connection, bytes a second; 0 for no limit. */
    public FaultProxy bandwidth(long requests, long answers) {
        requestBytesPerSecond = requests;
        answerBytesPerSecond = answers;
        return this;
    }

    /** Answers trickle: so many bytes a second. */
    public FaultProxy slowBody(long bytesPerSecond) {
        return bandwidth(0, bytesPerSecond);
    }

    /** A partition: nothing passes and nothing is closed. What is sent meanwhile is held back until it is healed. */
    public FaultProxy blackhole() {
        passage = Passage.BLACKHOLE;
        return this;
    }

    /** Requests reach the server, answers do not reach the client. */
    public FaultProxy halfOpen() {
        passage = Passage.HALF_OPEN;
        return this;
    }

    /** Resets the open connections and every new one. */
    public FaultProxy reset() {
        passage = Passage.RESET;
        return resetOnce();
    }

    /** Resets the open connections; new ones are fine. */
    public FaultProxy resetOnce() {
        lines.forEach(Line::reset);
        return this;
    }

    /** Closes each connection after so many bytes of answers, counted from now on: what is under way is cut short. */
    public FaultProxy truncateAfter(long bytes) {
        resetAtEnd = false;
        lines.forEach(line -> line.answerBytes.set(0));
        closeAfter = bytes;
        return this;
    }

    /** As {@link #truncateAfter(long)}, with a reset. */
    public FaultProxy resetAfter(long bytes) {
        truncateAfter(bytes);
        resetAtEnd = true;
        return this;
    }

    /** Connections taken so far. */
    public long connections() {
        return accepted.get();
    }

    /** Connections taken so far that faults were to hit ({@link #share}). */
    public long hit() {
        return hits.get();
    }

    /** Connections that are open. */
    public int open() {
        return lines.size();
    }

    /** Bytes of answers passed so far. */
    public long answerBytes() {
        return answered.get();
    }

    /** Bytes that were read and never passed on, since their connection was cut. */
    public long bytesDropped() {
        return bytesDropped.get();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = listener.accept();
                accepted.incrementAndGet();
                Line line = new Line(client);
                lines.add(line);
                if (line.hit && passage == Passage.RESET) {
                    line.reset();
                } else {
                    start("fault-proxy-open", line::open);
                }
            } catch (IOException e) {
                if (!closed) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** One connection, client to server. */
    private final class Line {

        private final Socket client;
        private final Socket server = new Socket();
        private final Random random;
        private final boolean hit;
        private final AtomicLong answerBytes = new AtomicLong();
        private final boolean intoNothing;
        private volatile boolean over;

        Line(Socket client) throws IOException {
            this.client = client;
            this.random = new Random(chance.nextLong());
            this.hit = chance.nextDouble() < share;
            hits.addAndGet(hit ? 1 : 0);
            this.intoNothing = hit && passage == Passage.BLACKHOLE;
            client.setTcpNoDelay(true);
        }

        void open() {
            try {
                server.setTcpNoDelay(true);
                server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 5_000);
                start("fault-proxy-answers", () -> pump(server, client, true));
                pump(client, server, false);
            } catch (IOException e) {
                // The server is not there: the client sees it as it would without us.
                reset();
            }
        }

        private void pump(Socket from, Socket to, boolean answers) {
            byte[] buffer = new byte[CHUNK];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    forward(buffer, read, out, answers);
                }
                if (answers) {
                    close();
                } else {
                    to.shutdownOutput();
                }
            } catch (IOException e) {
                close();
            }
        }

        private void forward(byte[] buffer, int length, OutputStream out, boolean answers) throws IOException {
            awaitPassage(length, answers);
            if (!hit) {
                out.write(buffer, 0, length);
                return;
            }
            LockSupport.parkNanos((answers ? answerDelay : requestDelay).draw(random));
            awaitPassage(length, answers);
            for (int done = 0; done < length;) {
                long rate = answers ? answerBytesPerSecond : requestBytesPerSecond;
                int piece = rate == 0 ? length - done : (int) Math.min(length - done, Math.max(1, rate / 100));
                if (rate != 0) {
                    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(piece) / rate);
                }
                if (answers) {
                    long left = closeAfter - answerBytes.get();
                    if (left < piece) {
                        out.write(buffer, done, (int) Math.max(0, left));
                        bytesDropped.addAndGet(length - done - Math.max(0, left));
                        cut();
                        return;
                    }
                    answerBytes.addAndGet(piece);
                    answered.addAndGet(piece);
                }
                out.write(buffer, done, piece);
                done += piece;
            }
        }

        private void awaitPassage(int length, boolean answers) throws IOException {
            while (hit && (passage == Passage.BLACKHOLE || answers && passage == Passage.HALF_OPEN)) {
                if (over || closed) {
                    bytesDropped.addAndGet(length);
                    throw new IOException("cut while held back");
                }
                LockSupport.parkNanos(TICK);
            }
        }

        private void cut() throws IOException {
            if (resetAtEnd) {
                reset();
            } else {
                close();
            }
            throw new IOException("cut");
        }

        void reset() {
            try {
                client.setSoLinger(true, 0);
                server.setSoLinger(true, 0);
            } catch (IOException e) {
                // Closed already.
            }
            close();
        }

        void close() {
            over = true;
            lines.remove(this);
            for (Socket socket : new Socket[] {client, server}) {
                try {
                    socket.close();
                } catch (IOException e) {
                    // Closed already.
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        lines.forEach(Line::close);
    }
}
