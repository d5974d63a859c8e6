package io.leadroutes.flow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Component;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.component.kamelet.KameletEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.DataFormat;
import org.apache.camel.spi.Language;
import org.apache.camel.spi.LifecycleStrategy;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * Creates routes in a context of its own that is never started, to find what only Camel finds: a missing bean, an
 * expression that does not parse, an endpoint that cannot be made.
 */
final class RouteTrial {

    private final CamelContext live;

    RouteTrial(CamelContext live) {
        this.live = live;
    }

    /** Tries the files at these paths, with everything else of the folder around them; the first fault per path. */
    Map<String, Finding> faults(RouteFolder folder, Set<String> paths) {
        Map<String, Finding> faults = new LinkedHashMap<>();
        try (DefaultCamelContext scratch = new DefaultCamelContext(new BorrowedBeans(live))) {
            scratch.disableJMX();
            scratch.getCamelContextExtension().setName("trial");
            scratch.setApplicationContextClassLoader(live.getApplicationContextClassLoader());
            scratch.getPropertiesComponent().addPropertiesSource(new BorrowedProperties(live));
            scratch.init();
            List<String> order = new ArrayList<>(folder.texts().keySet());
            order.sort((a, b) -> Integer.compare(rank(folder, a), rank(folder, b)));
            Map<String, String> pathOfRoute = new HashMap<>();
            for (String path : order) {
                boolean wanted = paths.contains(path);
                if (!wanted && rank(folder, path) == 2) {
                    continue;
                }
                Set<String> known = ids(scratch);
                try {
                    PluginHelper.getRoutesLoader(scratch).loadRoutes(resource(path, folder.texts().get(path)));
                } catch (Exception e) {
                    faults.put(path, fault(path, e));
                }
                ids(scratch).stream().filter(id -> !known.contains(id)).forEach(id -> pathOfRoute.put(id, path));
            }
            create(scratch, paths, pathOfRoute, faults);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        faults.keySet().retainAll(paths);
        return faults;
    }

    private static void create(DefaultCamelContext scratch, Set<String> paths, Map<String, String> pathOfRoute,
            Map<String, Finding> faults) {
        for (RouteDefinition route : new ArrayList<>(scratch.getRouteDefinitions())) {
            String path = pathOfRoute.get(route.getRouteId());
            if (path == null || !paths.contains(path) || faults.containsKey(path)) {
                continue;
            }
            Set<Object> before = new HashSet<>(scratch.getEndpoints());
            try {
                scratch.startRouteDefinitions(List.of(route));
                for (Object endpoint : new ArrayList<>(scratch.getEndpoints())) {
                    if (endpoint instanceof KameletEndpoint kamelet && !before.contains(endpoint)
                            && kamelet.getRouteId() != null && kamelet.getTemplateId() != null) {
                        for (LifecycleStrategy strategy : scratch.getLifecycleStrategies()) {
                            strategy.onContextInitialized(scratch);
                        }
                        break;
                    }
                }
            } catch (Exception e) {
                faults.put(path, fault(path, e));
            }
        }
    }

    /** Shared files and Kamelets first: the others are built from them. */
    private static int rank(RouteFolder folder, String path) {
        return RouteFolder.isKamelet(path) ? 0 : folder.area(path).equals("shared") ? 1 : 2;
    }

    private static Set<String> ids(DefaultCamelContext context) {
        Set<String> ids = new HashSet<>();
        context.getRouteDefinitions().forEach(route -> ids.add(route.getRouteId()));
        return ids;
    }

    static Resource resource(String path, String text) {
        return ResourceHelper.fromString("file:" + path, text);
    }

    static Finding fault(String path, Exception e) {
        Throwable cause = e;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String where = e instanceof FailedToCreateRouteException failed ? " '" + failed.getRouteId() + "'" : "";
        return new Finding(path, 1, 1, Code.R16, "Camel cannot create the route" + where,
                YamlSource.firstLine(Optional.ofNullable(cause.getMessage()).orElse(cause.toString())),
                "Correct what the message names");
    }

    /**
     * The beans of the live context, for reading only. Parts of Camel itself are left out: a component belongs to one
     * context and would be taken away from the live one.
     */
    private record BorrowedBeans(CamelContext live) implements BeanRepository {

        private static boolean lends(Object bean) {
            return !(bean instanceof Component) && !(bean instanceof Language) && !(bean instanceof DataFormat)
                    && !(bean instanceof CamelContextAware && bean.getClass().getName().startsWith("org.apache.camel."));
        }

        @Override
        public Object lookupByName(String name) {
            Object bean = live.getRegistry().lookupByName(name);
            return lends(bean) ? bean : null;
        }

        @Override
        public <T> T lookupByNameAndType(String name, Class<T> type) {
            T bean = live.getRegistry().lookupByNameAndType(name, type);
            return lends(bean) ? bean : null;
        }

        @Override
        public <T> Map<String, T> findByTypeWithName(Class<T> type) {
            Map<String, T> beans = new LinkedHashMap<>(live.getRegistry().findByTypeWithName(type));
            beans.values().removeIf(bean -> !lends(bean));
            return beans;
        }

        @Override
        public <T> Set<T> findByType(Class<T> type) {
            Set<T> beans = new LinkedHashSet<>(live.getRegistry().findByType(type));
            beans.removeIf(bean -> !lends(bean));
            return beans;
        }

        @Override
        public Object unwrap(Object value) {
            return value;
        }
    }

    /** The configuration of the live context. */
    private record BorrowedProperties(CamelContext live) implements PropertiesSource {

        @Override
        public String getName() {
            return "live";
        }

        @Override
        public String getProperty(String name) {
            return live.getPropertiesComponent().resolveProperty(name).orElse(null);
        }
    }
}
