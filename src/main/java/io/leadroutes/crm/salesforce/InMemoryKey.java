package io.leadroutes.crm.salesforce;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.util.UUID;
import org.apache.camel.support.jsse.KeyStoreParameters;

/** A key store that exists in memory only, so that a key from the configuration never touches a disk. */
final class InMemoryKey extends KeyStoreParameters {

    private final PrivateKey key;

    InMemoryKey(PrivateKey key) {
        this.key = key;
        setType("PKCS12");
        setPassword(UUID.randomUUID().toString());
    }

    @Override
    public KeyStore createKeyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("salesforce", key, getPassword().toCharArray(), null);
        return store;
    }
}
