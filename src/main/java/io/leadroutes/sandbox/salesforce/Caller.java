package io.leadroutes.sandbox.salesforce;

/**
 * Who changes a record.
 *
 * @param userId id of the user, 18 characters
 * @param origin the {@code changeOrigin} of the change event; empty for changes that came through no API
 */
record Caller(String userId, String origin) {
}
