/**
 * The rule language: files, variables, cells, conditions, validation, versions, and the rules in force.
 * Evaluates one row; what rows mean together is said in {@code scoring} and {@code routing}.
 * May depend on {@code finding} and on nothing else of the application.
 */
package io.leadroutes.rules;
