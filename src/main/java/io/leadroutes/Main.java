package io.leadroutes;

import io.leadroutes.sandbox.SandboxLauncher;
import io.quarkus.runtime.Application;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.quarkus.runtime.configuration.ConfigUtils;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Starts LeadRoutes, or with the argument {@code sandbox} only the stand-ins for ZoomInfo and the CRMs.
 *
 * <p>What the application needs before its own configuration is read is started here: the embedded
 * PostgreSQL when no {@code database.url} is set, and the sandbox when {@code sandbox.start} is true.
 */
@QuarkusMain
public class Main {

    public static void main(String... args) throws Exception {
        if (args.length > 0 && args[0].equals("sandbox")) {
            SandboxLauncher.runAlone(ConfigUtils.configBuilder().build());
            return;
        }
        // Quarkus.run begins with the same: it sets the launch mode, on which the profile depends.
        Class.forName(Application.APP_CLASS_NAME, true, Thread.currentThread().getContextClassLoader());
        Config config = ConfigProvider.getConfig();
        List<String> missing = MissingCredentials.of(config);
        if (!missing.isEmpty()) {
            System.err.println("LeadRoutes does not start: these keys are missing.");
            missing.forEach(key -> System.err.println("  " + key));
            System.err.println("Set them in application.properties, as environment variables (zoominfo.client-id is "
                    + "ZOOMINFO_CLIENT_ID), or name a file with the secret under the key with -file behind it.");
            System.err.println("To try LeadRoutes without any account: -Dquarkus.profile=sandbox");
            System.exit(2);
        }
        EmbeddedDatabase.startIfNeeded(config);
        try (SandboxLauncher sandbox = SandboxLauncher.startIfWanted(config)) {
            Quarkus.run(args);
        }
    }
}
