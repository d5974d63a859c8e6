package io.leadroutes.flow;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of loading and reloading route files. */
@ConfigMapping(prefix = "routes")
interface FlowSettings {

    /** The folder of the route files; the Kamelets lie in {@code kamelets} below it. */
    @WithDefault("routes")
    String directory();

    /** Whether changed files are put in force while the application runs. Always so in dev and sandbox. */
    @WithDefault("true")
    boolean reload();
}
