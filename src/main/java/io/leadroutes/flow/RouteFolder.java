package io.leadroutes.flow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The texts of all route files and Kamelets below one folder, at one moment.
 *
 * @param root name of the folder, the first part of every path
 * @param texts text by path; a path begins with the root and has forward slashes
 */
record RouteFolder(String root, SortedMap<String, String> texts) {

    static final String ROUTE = ".camel.yaml";
    static final String KAMELET = ".kamelet.yaml";

    RouteFolder {
        texts = Collections.unmodifiableSortedMap(new TreeMap<>(texts));
    }

    /** Reads the folder; a folder that does not exist is empty. Entries that begin with a dot are left out. */
    static RouteFolder read(Path root) {
        SortedMap<String, String> texts = new TreeMap<>();
        if (Files.isDirectory(root)) {
            try (Stream<Path> files = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
                for (Path file : files.filter(f -> isFlowFile(root, f)).toList()) {
                    texts.put(name(file), Files.readString(file));
                }
            } catch (IOException e) {
                throw new UncheckedIOException("The route folder " + root + " cannot be read", e);
            }
        }
        return new RouteFolder(name(root), texts);
    }

    private static boolean isFlowFile(Path root, Path file) {
        for (Path part : root.relativize(file)) {
            // A ConfigMap mount holds every file a second time below "..data" and a dated folder.
            if (part.toString().startsWith(".")) {
                return false;
            }
        }
        return Files.isRegularFile(file) && (isRoute(file.toString()) || isKamelet(file.toString()));
    }

    static String name(Path file) {
        return file.toString().replace('\\', '/');
    }

    static boolean isRoute(String path) {
        return path.endsWith(ROUTE);
    }

    static boolean isKamelet(String path) {
        return path.endsWith(KAMELET);
    }

    /** The name of the file without folder and ending: what a route id or a Kamelet name must be. */
    static String baseName(String path) {
        String file = path.substring(path.lastIndexOf('/') + 1);
        for (String ending : new String[] {ROUTE, KAMELET}) {
            if (file.endsWith(ending)) {
                return file.substring(0, file.length() - ending.length());
            }
        }
        return file;
    }

    /** The first folder below the root, or an empty text for a file that lies in the root itself. */
    String area(String path) {
        String below = path.startsWith(root + "/") ? path.substring(root.length() + 1) : path;
        int slash = below.indexOf('/');
        return slash < 0 ? "" : below.substring(0, slash);
    }

    /** This folder with these texts put in place. */
    RouteFolder with(Map<String, String> changed) {
        SortedMap<String, String> copy = new TreeMap<>(texts);
        copy.putAll(changed);
        return new RouteFolder(root, copy);
    }

    RouteFolder without(String path) {
        SortedMap<String, String> copy = new TreeMap<>(texts);
        copy.remove(path);
        return new RouteFolder(root, copy);
    }
}
