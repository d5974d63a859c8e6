package io.leadroutes.secret;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Tells the one place to which a secret may be sent without TLS. */
public final class Loopback {

    private Loopback() {
    }

    /** True when the host is this machine itself; false also for a name that cannot be resolved. */
    public static boolean is(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
