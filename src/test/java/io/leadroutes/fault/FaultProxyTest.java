package io.leadroutes.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leadroutes.fault.FaultProxy.Delay;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The proxy by which other tests make connections bad does what they rely on. */
class FaultProxyTest {

    private ServerSocket echo;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread server = new Thread(this::serve, "echo");
        server.setDaemon(true);
        server.start();
        proxy = new FaultProxy(echo.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        echo.close();
    }

    private void serve() {
        while (!echo.isClosed()) {
            try {
                Socket socket = echo.accept();
                Thread each = new Thread(() -> {
                    try (socket) {
                        socket.getInputStream().transferTo(socket.getOutputStream());
                    } catch (IOException e) {
                        // The proxy has cut it.
                    }
                }, "echo-one");
                each.setDaemon(true);
                each.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(5_000);
        return socket;
    }

    private static String exchange(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes());
        return new String(socket.getInputStream().readNBytes(text.length()));
    }

    @Test
    void withoutAFaultEverythingPassesAndConnectionsAreCounted() throws IOException {
        try (Socket one = connect(); Socket two = connect()) {
            assertThat(exchange(one, "hello")).isEqualTo("hello");
            assertThat(exchange(two, "x".repeat(100_000))).hasSize(100_000);
            assertThat(proxy.connections()).isEqualTo(2);
            assertThat(proxy.answerBytes()).isEqualTo(100_005);
        }
    }

    @Test
    void aBlackholeHoldsBackWhatOpenConnectionsSendUntilItIsHealed() throws IOException {
        try (Socket socket = connect()) {
            exchange(socket, "before");
            proxy.blackhole();
            socket.setSoTimeout(200);
            assertThatThrownBy(() -> exchange(socket, "hello")).isInstanceOf(SocketTimeoutException.class);
            proxy.heal();
            socket.setSoTimeout(5_000);
            assertThat(new String(socket.getInputStream().readNBytes(5))).isEqualTo("hello");
        }
    }

    @Test
    void whatIsSentOverAConnectionThatWasOpenedIntoABlackholeNeverArrives() throws IOException {
        proxy.blackhole();
        try (Socket socket = connect()) {
            socket.getOutputStream().write("hello".getBytes());
            Awaitility.await().until(() -> proxy.open() == 1);
            proxy.heal();
            assertThatThrownBy(() -> {
                if (socket.getInputStream().read() < 0) {
                    throw new SocketException("closed");
                }
            }).isInstanceOf(SocketException.class);
            assertThat(proxy.answerBytes()).isZero();
        }
    }

    @Test
    void aResetEndsWhatIsOpenAndWhatComes() throws IOException {
        try (Socket socket = connect()) {
            exchange(socket, "a");
            proxy.reset();
            assertThatThrownBy(() -> exchange(socket, "b")).isInstanceOf(SocketException.class);
        }
        try (Socket socket = connect()) {
            assertThatThrownBy(() -> {
                socket.getOutputStream().write(1);
                if (socket.getInputStream().read() < 0) {
                    throw new SocketException("closed");
                }
            }).isInstanceOf(SocketException.class);
        }
        proxy.heal();
        try (Socket socket = connect()) {
            assertThat(exchange(socket, "c")).isEqualTo("c");
        }
    }

    @Test
    void anAnswerIsCutAfterSoManyBytes() throws IOException {
        proxy.truncateAfter(7);
        try (Socket socket = connect()) {
            socket.getOutputStream().write("0123456789".getBytes());
            assertThat(new String(socket.getInputStream().readAllBytes())).isEqualTo("0123456");
        }
    }

    @Test
    void halfOpenRequestsAreHeardAndAnswersAreNot() throws IOException {
        proxy.halfOpen();
        try (Socket socket = connect()) {
            socket.setSoTimeout(200);
            assertThatThrownBy(() -> exchange(socket, "hello")).isInstanceOf(SocketTimeoutException.class);
            assertThat(proxy.answerBytes()).isZero();
        }
    }

    @Test
    void answersTrickleAtTheirBandwidth() throws IOException {
        proxy.slowBody(1_000);
        try (Socket socket = connect()) {
            long begin = System.nanoTime();
            exchange(socket, "x".repeat(300));
            assertThat(System.nanoTime() - begin).as("at least, whatever the machine does")
                    .isGreaterThanOrEqualTo(Duration.ofMillis(290).toNanos());
        }
    }

    @Test
    void onlyItsShareOfTheConnectionsIsHit() throws IOException {
        proxy.share(0.5).blackhole();
        int passed = 0;
        for (int i = 0; i < 40; i++) {
            try (Socket socket = connect()) {
                socket.setSoTimeout(100);
                exchange(socket, "a");
                passed++;
            } catch (SocketTimeoutException e) {
                // One of the share.
            }
        }
        assertThat(passed).isBetween(8, 32);
        assertThat(proxy.hit()).isEqualTo(40 - passed);
    }

    @Test
    void aDelayIsDrawnFromItsDistribution() throws IOException {
        Random random = new Random(1);
        Delay spiky = Delay.of(Duration.ofMillis(1))
                .or(0.1, Delay.between(Duration.ofMillis(20), Duration.ofMillis(50)));
        int spikes = 0;
        for (int i = 0; i < 10_000; i++) {
            long millis = Duration.ofNanos(spiky.draw(random)).toMillis();
            assertThat(millis).isBetween(1L, 50L);
            spikes += millis >= 20 ? 1 : 0;
        }
        assertThat(spikes).isBetween(800, 1_200);
        proxy.delay(Delay.of(Duration.ofMillis(50)), Delay.of(Duration.ofMillis(50)));
        try (Socket socket = connect(); InputStream in = socket.getInputStream()) {
            long begin = System.nanoTime();
            exchange(socket, "a");
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(Duration.ofMillis(100).toNanos());
            assertThat(in.available()).isZero();
        }
    }
}
