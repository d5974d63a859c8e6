/**
 * WebSights: which company or provider visits from an address.
 * May depend on the world, the account and the profiles of the stand-in; never on the application it is there to test.
 */
package io.leadroutes.sandbox.zoominfo.websights;
