package io.leadroutes.sandbox.world;

/**
 * An industry with one sub-industry and its codes.
 *
 * @param revenuePerEmployee in thousands of US dollars
 */
public record Industry(String id, String name, String subId, String subName, String naics, String naicsName, String sic,
        String sicName, int revenuePerEmployee, String businessModel) {
}
