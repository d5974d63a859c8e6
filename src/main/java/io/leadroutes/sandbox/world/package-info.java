/**
 * The generated world that the stand-ins share: companies, people, and the leads a web form would bring in. The same seed gives
 * the same world. May depend on Datafaker only; never on the application or on a product's stand-in.
 */
package io.leadroutes.sandbox.world;
