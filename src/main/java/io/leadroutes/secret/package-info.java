/**
 * Secrets as they are configured: given as a value or in a file, private keys out of PEM text, and where
 * a secret may go without TLS.
 * Knows no system and nothing else of the application; whoever logs in somewhere may depend on it.
 */
package io.leadroutes.secret;
