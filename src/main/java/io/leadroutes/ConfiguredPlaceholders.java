package io.leadroutes;

import io.quarkus.arc.Unremovable;
import jakarta.inject.Singleton;
import org.apache.camel.Ordered;
import org.apache.camel.spi.PropertiesSource;
import org.eclipse.microprofile.config.Config;

/**
 * Answers the placeholders of route files from the configuration. Camel's own source for it reads the whole
 * configuration twice at each answer, to tell where a value came from; a start asks some hundred times.
 */
@Singleton
@Unremovable
class ConfiguredPlaceholders implements PropertiesSource, Ordered {

    private final Config config;

    ConfiguredPlaceholders(Config config) {
        this.config = config;
    }

    @Override
    public String getName() {
        return "configuration";
    }

    @Override
    public String getProperty(String name) {
        return config.getOptionalValue(name, String.class).orElse(null);
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST;
    }
}
