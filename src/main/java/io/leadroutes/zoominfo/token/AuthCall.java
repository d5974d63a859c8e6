package io.leadroutes.zoominfo.token;

import io.leadroutes.zoominfo.ZoomInfoException;

/** The call that turns credentials into a token. */
interface AuthCall {

    /**
     * @return the JWT as ZoomInfo gave it
     * @throws ZoomInfoException when it was refused or not reached
     */
    String authenticate(Credentials credentials) throws ZoomInfoException;
}
