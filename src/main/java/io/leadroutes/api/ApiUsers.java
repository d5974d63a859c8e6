package io.leadroutes.api;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.UsernamePasswordAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The one user of the API, from {@code api.username} and {@code api.password}; without a password nobody gets in. */
@ApplicationScoped
public class ApiUsers implements IdentityProvider<UsernamePasswordAuthenticationRequest> {

    private final String username;
    private final Optional<String> password;

    ApiUsers(@ConfigProperty(name = "api.username") String username,
            @ConfigProperty(name = "api.password") Optional<String> password) {
        this.username = username;
        this.password = password.filter(given -> !given.isBlank());
    }

    @Override
    public Class<UsernamePasswordAuthenticationRequest> getRequestType() {
        return UsernamePasswordAuthenticationRequest.class;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(UsernamePasswordAuthenticationRequest request,
            AuthenticationRequestContext context) {
        boolean known = password.isPresent()
                && same(username, request.getUsername())
                & same(password.get(), new String(request.getPassword().getPassword()));
        if (!known) {
            return Uni.createFrom().failure(new AuthenticationFailedException());
        }
        return Uni.createFrom().item(QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(username)).addRole("operator").build());
    }

    /** Takes the same time wherever the two differ. */
    private static boolean same(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8),
                given.getBytes(StandardCharsets.UTF_8));
    }
}
