package io.leadroutes.websights;

import io.leadroutes.sandbox.control.SandboxTime;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.ZoomInfoServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** The ZoomInfo stand-in on a free port. */
public class ZoomInfoStandIn implements QuarkusTestResourceLifecycleManager {

    private ZoomInfoServer server;

    @Override
    public Map<String, String> start() {
        server = ZoomInfoServer.start("localhost", 0, World.of(42), 42, SandboxTime.system());
        return Map.of("zoominfo.base-url", "http://localhost:" + server.port(),
                "zoominfo.username", "sandbox@leadroutes.example", "zoominfo.password", "sandbox-password");
    }

    @Override
    public void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(server, new TestInjector.MatchesType(ZoomInfoServer.class));
    }
}
