/**
 * Who must not be written, routed or paid for; what ZoomInfo says about a person's rights; requests of data subjects.
 * Routes use the named beans; other packages may use {@code Suppressions} and {@code OptOuts}.
 * May depend on {@code lead}, {@code secret}, {@code zoominfo} and {@code crm}.
 */
package io.leadroutes.compliance;
