package io.leadroutes.websights;

import java.net.InetAddress;
import java.time.Instant;

/**
 * One view of one page.
 *
 * @param page path without query
 */
record Visit(InetAddress address, String page, Instant at) {
}
