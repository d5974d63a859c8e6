package io.leadroutes.kafka;

import java.io.IOException;
import java.io.PrintStream;

/** The main class of the broker's JVM: formats the directory once, then serves. By reflection, as it is Scala. */
final class BrokerMain {

    private BrokerMain() {
    }

    public static void main(String... args) throws Exception {
        String properties = args[0];
        Thread parent = new Thread(BrokerMain::endWithTheTests, "parent");
        parent.setDaemon(true);
        parent.start();
        Class.forName("kafka.tools.StorageTool").getMethod("execute", String[].class, PrintStream.class).invoke(null,
                new String[] {"format", "--ignore-formatted", "--cluster-id", "bGVhZHJvdXRlcy10ZXN0cw", "--config",
                    properties}, System.out);
        Class.forName("kafka.Kafka").getMethod("main", String[].class).invoke(null, (Object) new String[] {properties});
    }

    /** The pipe to the tests ends when they do, however they end. */
    private static void endWithTheTests() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever written to it.
            }
        } catch (IOException e) {
            // As good as the end.
        }
        Runtime.getRuntime().halt(0);
    }
}
