package io.leadroutes.flow;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.Suspendable;
import org.apache.camel.component.kamelet.KameletEndpoint;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.jboss.logging.Logger;

/**
 * Puts changed route files in force while the application runs. A file is linted and tried first; a file that is
 * refused changes nothing, and the version before it goes on. Routes of files that did not change, and that use
 * nothing that changed, are not touched.
 */
final class RouteReload {

    private static final Logger LOG = Logger.getLogger(RouteReload.class);
    private static final long DRAIN_MILLIS = 20_000;
    private static final long DRAIN_LOOK_MILLIS = 10;

    private final CamelContext context;
    private final Model model;
    private final RouteLint lint;
    private final RouteTrial trial;
    private final Clock clock;
    private final SortedMap<String, FileStatus> status = new TreeMap<>();
    private RouteFolder inForce;
    /** Texts as last seen on disk, refused ones included. */
    private RouteFolder onDisk;

    /**
     * @param inForce the texts that the context was started with
     * @param findings what was found in them
     */
    RouteReload(CamelContext context, RouteLint lint, RouteFolder inForce, List<Finding> findings, Clock clock) {
        this.context = context;
        this.model = context.getCamelContextExtension().getContextPlugin(Model.class);
        this.lint = lint;
        this.trial = new RouteTrial(context);
        this.clock = clock;
        this.inForce = inForce;
        this.onDisk = inForce;
        inForce.texts().keySet().forEach(path -> setStatus(path, FileStatus.State.IN_FORCE, of(path, findings)));
    }

    /** How every file stands, by path. */
    synchronized List<FileStatus> status() {
        return List.copyOf(status.values());
    }

    /** Brings the running routes to the state of the folder, as far as it can be put in force. */
    synchronized void apply(RouteFolder disk) {
        Set<String> deleted = new TreeSet<>(inForce.texts().keySet());
        deleted.removeAll(disk.texts().keySet());
        Map<String, String> candidates = new TreeMap<>();
        disk.texts().forEach((path, text) -> {
            if (!text.equals(inForce.texts().get(path))) {
                candidates.put(path, text);
            }
        });
        takenBack(disk);
        RouteFolder rest = inForce;
        for (String path : deleted) {
            rest = rest.without(path);
        }
        Map<String, List<Finding>> refused = new TreeMap<>();
        RouteFolder proposal = settle(rest, candidates, refused);
        RouteFolder old = inForce;
        if (!candidates.isEmpty() || !deleted.isEmpty()) {
            swap(proposal, candidates.keySet(), deleted, refused);
        }
        refused.forEach((path, findings) -> refuse(path, findings, disk, old.texts().containsKey(path)));
        onDisk = disk;
        warnAboutRest(proposal, candidates.keySet(), deleted);
    }

    /** A refused text that was put back to what is in force, or deleted before it ever was. */
    private void takenBack(RouteFolder disk) {
        for (FileStatus file : List.copyOf(status.values())) {
            if (file.state() != FileStatus.State.REFUSED) {
                continue;
            }
            String text = disk.texts().get(file.file());
            if (text == null) {
                status.remove(file.file());
            } else if (text.equals(inForce.texts().get(file.file()))) {
                setStatus(file.file(), FileStatus.State.IN_FORCE, List.of());
                LOG.infof("%s is in order again; the version in force is the one on disk", file.file());
            }
        }
    }

    /** Takes out of the candidates what cannot be put in force; returns the texts that would then be in force. */
    private RouteFolder settle(RouteFolder rest, Map<String, String> candidates, Map<String, List<Finding>> refused) {
        Set<String> errorsBefore = new HashSet<>();
        lint.lint(rest).stream().filter(Finding::isError).forEach(f -> errorsBefore.add(key(f)));
        while (true) {
            RouteFolder proposal = rest.with(candidates);
            List<Finding> errors = lint.lint(proposal).stream().filter(Finding::isError).toList();
            Set<String> bad = new LinkedHashSet<>();
            errors.stream().map(Finding::file).filter(candidates::containsKey).forEach(bad::add);
            for (String path : bad) {
                candidates.remove(path);
                refused.put(path, of(path, errors));
            }
            if (!bad.isEmpty()) {
                continue;
            }
            List<Finding> elsewhere = errors.stream().filter(f -> !errorsBefore.contains(key(f))).toList();
            if (!elsewhere.isEmpty() && !candidates.isEmpty()) {
                Set<String> guilty = guilty(rest, candidates, errorsBefore);
                for (String path : guilty) {
                    candidates.remove(path);
                    refused.put(path, elsewhere);
                }
                continue;
            }
            Map<String, Finding> faults = faults(proposal, affected(proposal, candidates.keySet()));
            if (faults.isEmpty()) {
                return proposal;
            }
            boolean own = faults.keySet().stream().anyMatch(candidates::containsKey);
            for (String path : new ArrayList<>(candidates.keySet())) {
                if (!own || faults.containsKey(path)) {
                    candidates.remove(path);
                    refused.put(path, own ? List.of(faults.get(path)) : List.copyOf(faults.values()));
                }
            }
        }
    }

    private static String key(Finding finding) {
        return finding.file() + finding.code() + finding.what();
    }

    /** Which of the candidates, alone, break a file that did not change; all of them if none does so alone. */
    private Set<String> guilty(RouteFolder rest, Map<String, String> candidates, Set<String> errorsBefore) {
        Set<String> guilty = new TreeSet<>();
        candidates.forEach((path, text) -> {
            boolean breaks = lint.lint(rest.with(Map.of(path, text))).stream().filter(Finding::isError)
                    .anyMatch(f -> !f.file().equals(path) && !errorsBefore.contains(key(f)));
            if (breaks) {
                guilty.add(path);
            }
        });
        return guilty.isEmpty() ? new TreeSet<>(candidates.keySet()) : guilty;
    }

    /** Faults of a trial, without those that the version in force has in a trial too although it runs. */
    private Map<String, Finding> faults(RouteFolder proposal, Set<String> paths) {
        Map<String, Finding> faults = trial.faults(proposal, paths);
        if (!faults.isEmpty()) {
            Set<String> running = new HashSet<>(faults.keySet());
            running.retainAll(inForce.texts().keySet());
            trial.faults(inForce, running).forEach((path, fault) -> faults.remove(path, fault));
        }
        return faults;
    }

    /** The changed files, and those that use a Kamelet or a route configuration of them. */
    private static Set<String> affected(RouteFolder folder, Set<String> changed) {
        Set<String> affected = new TreeSet<>(changed);
        Map<String, Flow> flows = flows(folder);
        boolean grown = true;
        while (grown) {
            grown = false;
            for (Map.Entry<String, Flow> entry : flows.entrySet()) {
                if (!affected.contains(entry.getKey()) && uses(entry.getValue(), affected, flows)) {
                    grown |= affected.add(entry.getKey());
                }
            }
        }
        return affected;
    }

    private static boolean uses(Flow flow, Set<String> changed, Map<String, Flow> flows) {
        for (String path : changed) {
            if (RouteFolder.isKamelet(path)) {
                String name = RouteFolder.baseName(path);
                if (flow.endpoints().stream().anyMatch(use -> use.scheme().equals("kamelet")
                        && (use.path().equals(name) || use.path().startsWith(name + "/")))) {
                    return true;
                }
            } else if (flows.containsKey(path)) {
                for (Flow.Named configuration : flows.get(path).configurations()) {
                    if (configuration.name().isEmpty() && !flow.routes().isEmpty()
                            || flow.routes().stream().anyMatch(route -> route.configuration()
                                    .filter(c -> List.of(c.name().split("\\s*,\\s*")).contains(configuration.name()))
                                    .isPresent())) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static Map<String, Flow> flows(RouteFolder folder) {
        Map<String, Flow> flows = new LinkedHashMap<>();
        folder.texts().forEach((path, text) -> YamlSource.parse(path, text, new ArrayList<>())
                .ifPresent(source -> flows.put(path, Flow.of(source))));
        return flows;
    }

    private void swap(RouteFolder proposal, Set<String> changed, Set<String> deleted,
            Map<String, List<Finding>> refused) {
        Set<String> touched = new TreeSet<>(changed);
        touched.addAll(deleted);
        Set<String> affected = affected(inForce, touched);
        affected.addAll(affected(proposal, changed));
        RouteFolder before = inForce;
        try {
            put(before, proposal, affected);
            inForce = proposal;
            changed.forEach(this::taken);
            affected.stream().filter(path -> !touched.contains(path))
                    .forEach(path -> LOG.infof("%s is loaded again, because of what it uses", path));
            deleted.forEach(path -> {
                status.remove(path);
                LOG.infof("%s was deleted; its routes have ended", path);
            });
        } catch (Exception e) {
            LOG.debug("A route could not be created", e);
            changed.forEach(path -> refused.put(path, List.of(RouteTrial.fault(path, e))));
            try {
                put(proposal, before, affected);
            } catch (Exception again) {
                LOG.errorf(again, "The version before could not be put back for %s. Restart the application.", affected);
            }
        }
    }

    private void taken(String path) {
        boolean repaired = status.containsKey(path) && status.get(path).state() == FileStatus.State.REFUSED;
        boolean isNew = !status.containsKey(path);
        setStatus(path, FileStatus.State.IN_FORCE, List.of());
        LOG.infof("%s is in force%s", path, repaired ? ", the fault is repaired" : isNew ? ", it is new" : "");
    }

    private void put(RouteFolder from, RouteFolder to, Set<String> affected) throws Exception {
        Map<String, Flow> before = flows(from);
        Map<String, Flow> after = flows(to);
        Set<String> kamelets = new LinkedHashSet<>();
        List<String> routes = new ArrayList<>();
        for (String path : affected) {
            if (RouteFolder.isKamelet(path)) {
                kamelets.add(path);
            } else {
                routes.add(path);
            }
        }
        // Route configurations first: routes take them over when they are created.
        routes.sort((a, b) -> Boolean.compare(hasConfiguration(after.get(b)), hasConfiguration(after.get(a))));
        if (!kamelets.isEmpty()) {
            for (String path : routes) {
                remove(routeIds(before.get(path)));
            }
            for (String path : kamelets) {
                removeKamelet(RouteFolder.baseName(path));
            }
            for (String path : kamelets) {
                if (to.texts().containsKey(path)) {
                    PluginHelper.getRoutesLoader(context)
                            .loadRoutes(RouteTrial.resource(path, to.texts().get(path)));
                }
            }
        }
        for (String path : routes) {
            Set<String> gone = new LinkedHashSet<>(routeIds(before.get(path)));
            Set<String> calledKamelets = kameletRoutes(gone);
            removeConfigurations(before.get(path));
            if (to.texts().containsKey(path)) {
                gone.forEach(this::drain);
                gone.removeAll(PluginHelper.getRoutesLoader(context)
                        .updateRoutes(List.of(RouteTrial.resource(path, to.texts().get(path)))));
            }
            remove(gone);
            removeOrphans(calledKamelets);
        }
    }

    private static boolean hasConfiguration(Flow flow) {
        return flow != null && !flow.configurations().isEmpty();
    }

    private static Collection<String> routeIds(Flow flow) {
        return flow == null ? List.of()
                : flow.routes().stream().flatMap(r -> r.id().stream()).map(Flow.Named::name).toList();
    }

    private void removeConfigurations(Flow flow) throws Exception {
        if (flow == null) {
            return;
        }
        for (Flow.Named named : flow.configurations()) {
            RouteConfigurationDefinition definition = model.getRouteConfigurationDefinition(named.name());
            if (definition != null) {
                model.removeRouteConfiguration(definition);
            }
        }
    }

    private void remove(Collection<String> ids) throws Exception {
        for (String id : List.copyOf(ids)) {
            Set<String> called = kameletRoutes(List.of(id));
            drain(id);
            RouteDefinition definition = model.getRouteDefinition(id);
            if (definition != null) {
                model.removeRouteDefinition(definition);
            }
            removeOrphans(called);
        }
    }

    /** The routes that Camel made from Kamelets for these routes, and for those in turn. */
    private Set<String> kameletRoutes(Collection<String> parents) {
        Set<String> found = new LinkedHashSet<>();
        for (RouteDefinition definition : model.getRouteDefinitions()) {
            Map<String, Object> parameters = definition.getTemplateParameters();
            if (parameters != null && parents.contains(String.valueOf(parameters.get("parentRouteId")))) {
                found.add(definition.getId());
            }
        }
        if (!found.isEmpty()) {
            found.addAll(kameletRoutes(Set.copyOf(found)));
        }
        return found;
    }

    /** Ends the Kamelet routes whose endpoint nobody uses any more; Camel would keep them. */
    private void removeOrphans(Set<String> kameletRoutes) throws Exception {
        Set<String> used = new HashSet<>();
        for (Endpoint endpoint : context.getEndpoints()) {
            if (endpoint instanceof KameletEndpoint kamelet && isReal(kamelet)) {
                used.add(kamelet.getRouteId());
            }
        }
        for (String id : kameletRoutes) {
            RouteDefinition definition = model.getRouteDefinition(id);
            if (definition != null && !used.contains(id)) {
                drain(id);
                model.removeRouteDefinition(definition);
            }
        }
    }

    private static boolean isReal(KameletEndpoint endpoint) {
        return !endpoint.getEndpointUri().startsWith("kamelet://source")
                && !endpoint.getEndpointUri().startsWith("kamelet://sink");
    }

    private void removeKamelet(String name) throws Exception {
        for (Endpoint endpoint : List.copyOf(context.getEndpoints())) {
            if (endpoint instanceof KameletEndpoint kamelet && isReal(kamelet) && name.equals(kamelet.getTemplateId())) {
                context.removeEndpoint(endpoint);
                RouteDefinition definition = model.getRouteDefinition(kamelet.getRouteId());
                if (definition != null) {
                    drain(definition.getId());
                    model.removeRouteDefinition(definition);
                }
            }
        }
        RouteTemplateDefinition template = model.getRouteTemplateDefinition(name);
        if (template != null) {
            model.removeRouteTemplateDefinition(template);
        }
    }

    /**
     * Lets what is in flight in a route finish. Its consumer is suspended first, so that callers wait for the new
     * version instead of keeping the old one busy (stopping it would end the steps behind it too). A route that calls
     * itself needs its consumer to the end.
     */
    private void drain(String routeId) {
        Route route = context.getRoute(routeId);
        if (route == null) {
            return;
        }
        Consumer consumer = route.getConsumer();
        if (consumer instanceof Suspendable && !callsItself(routeId, route)) {
            ServiceHelper.suspendService(consumer);
        }
        long end = System.nanoTime() + DRAIN_MILLIS * 1_000_000;
        while (context.getInflightRepository().size(routeId) > 0 && System.nanoTime() < end) {
            try {
                Thread.sleep(DRAIN_LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private boolean callsItself(String routeId, Route route) {
        String uri = route.getEndpoint().getEndpointUri().replace("direct://", "direct:");
        return flows(inForce).values().stream().filter(flow -> routeIds(flow).contains(routeId))
                .flatMap(flow -> flow.endpoints().stream())
                .anyMatch(use -> !use.isConsumer() && use.uri().equals(uri));
    }

    private void refuse(String path, List<Finding> findings, RouteFolder disk, boolean hasBefore) {
        FileStatus last = status.get(path);
        boolean told = last != null && last.state() == FileStatus.State.REFUSED && last.findings().equals(findings)
                && disk.texts().get(path).equals(onDisk.texts().get(path));
        setStatus(path, FileStatus.State.REFUSED, findings);
        if (!told) {
            LOG.warnf("%s is refused; %s.%n%s", path,
                    hasBefore ? "the version before it keeps running" : "nothing of it runs",
                    RouteLint.report(findings));
        }
    }

    /** Warnings of what was taken, and errors that a deletion caused elsewhere. */
    private void warnAboutRest(RouteFolder proposal, Set<String> taken, Set<String> deleted) {
        if (taken.isEmpty() && deleted.isEmpty()) {
            return;
        }
        List<Finding> findings = lint.lint(proposal);
        for (String path : taken) {
            FileStatus file = status.get(path);
            if (file != null && file.state() == FileStatus.State.IN_FORCE) {
                status.put(path, new FileStatus(path, file.state(), file.since(), of(path, findings)));
            }
        }
        List<Finding> tell = findings.stream()
                .filter(f -> taken.contains(f.file()) || !deleted.isEmpty() && f.isError()).toList();
        if (!tell.isEmpty()) {
            LOG.warn(RouteLint.report(tell));
        }
    }

    private static List<Finding> of(String path, List<Finding> findings) {
        return findings.stream().filter(f -> f.file().equals(path)).toList();
    }

    private void setStatus(String path, FileStatus.State state, List<Finding> findings) {
        FileStatus last = status.get(path);
        Instant since = last != null && last.state() == state && state == FileStatus.State.REFUSED ? last.since()
                : clock.instant();
        status.put(path, new FileStatus(path, state, since, findings));
    }
}
