/**
 * The score and assign stages, the transaction that stores a decision, and reading decisions back.
 * May depend on {@code lead}, {@code facts}, {@code rules}, {@code scoring}, {@code routing} and {@code receipt}.
 */
package io.leadroutes.decision;
