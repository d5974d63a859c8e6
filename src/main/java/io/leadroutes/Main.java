package io.leadroutes;

import io.leadroutes.sandbox.SandboxLauncher;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.SmallRyeConfig;
import org.apache.camel.quarkus.main.CamelMainApplication;

/**
 * Starts LeadRoutes, or with the argument {@code sandbox} only the stand-ins for ZoomInfo and the CRMs.
 *
 * <p>What the application needs before its own configuration is read is started here: the embedded
 * PostgreSQL when no {@code database.url} is set, and the sandbox when {@code sandbox.start} is true.
 */
@QuarkusMain
public class Main {

    public static void main(String... args) throws Exception {
        SmallRyeConfig config = ConfigUtils.configBuilder().build();
        if (args.length > 0 && args[0].equals("sandbox")) {
            SandboxLauncher.runAlone(config);
            return;
        }
        try (EmbeddedDatabase database = EmbeddedDatabase.startIfNeeded(config);
                SandboxLauncher sandbox = SandboxLauncher.startIfWanted(config)) {
            Quarkus.run(CamelMainApplication.class, args);
        }
    }
}
