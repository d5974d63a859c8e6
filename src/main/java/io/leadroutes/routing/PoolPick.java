package io.leadroutes.routing;

import io.leadroutes.routing.PoolEvent.Excluded;
import java.util.List;
import java.util.Map;

/**
 * Whom a pool chose.
 *
 * @param seq      number of the pool's event
 * @param eligible in list order
 * @param owed     what each eligible member was owed when compared, the lead at hand included; sums to more than 0
 */
public record PoolPick(String pool, long seq, String user, List<String> eligible, Map<String, Owed> owed,
        List<Excluded> excluded) {
}
