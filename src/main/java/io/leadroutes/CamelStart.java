package io.leadroutes;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import org.apache.camel.quarkus.core.CamelRuntime;

/** Camel Quarkus leaves starting the routes to an application that has a main method of its own. */
@ApplicationScoped
class CamelStart {

    void start(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) StartupEvent event, CamelRuntime runtime) {
        runtime.start(new String[0]);
    }
}
