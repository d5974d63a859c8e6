/**
 * What a decision says for itself: its JSON, its sentences, the chain of hashes, the difference of two.
 * May depend on {@code routing}, {@code scoring}, {@code facts} and {@code rules}; touches no database.
 */
package io.leadroutes.receipt;
