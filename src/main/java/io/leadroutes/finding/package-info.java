/**
 * What helps a person find a mistake in what they wrote: the name they probably meant.
 * Knows nothing else of the application; whoever reads what people write may depend on it.
 */
package io.leadroutes.finding;
