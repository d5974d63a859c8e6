package io.leadroutes.flow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Sees changes below a folder by looking again: time, size and content of each file. File events of the operating
 * system are not used, because they miss the way in which a mounted ConfigMap changes.
 */
final class FileWatch {

    /** A file this young may be written again without a change of its time. */
    private static final long YOUNG_MILLIS = 2_000;

    private record Seen(FileTime time, long size, Object key, String hash) {
    }

    private final Path folder;
    private final Clock clock;
    private Map<Path, Seen> seen = Map.of();
    private Map<Path, String> settled;
    private Map<Path, String> before;

    FileWatch(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
        this.settled = hashes();
        this.before = settled;
    }

    /**
     * Whether a file was changed, added or deleted since the last time this said so. A change is told once it has
     * been the same at two looks, so that a file is not read while an editor still writes it.
     */
    boolean hasChanged() {
        Map<Path, String> now = hashes();
        boolean stable = now.equals(before);
        before = now;
        if (!stable || now.equals(settled)) {
            return false;
        }
        settled = now;
        return true;
    }

    private Map<Path, String> hashes() {
        Map<Path, Seen> found = new HashMap<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
                files.filter(f -> !hidden(f)).filter(Files::isRegularFile).forEach(f -> look(f, found));
            } catch (IOException | UncheckedIOException changing) {
                // The folder is being replaced: look again next time.
                return before == null ? Map.of() : before;
            }
        }
        seen = found;
        Map<Path, String> hashes = new HashMap<>();
        found.forEach((file, state) -> hashes.put(file, state.hash()));
        return hashes;
    }

    private boolean hidden(Path file) {
        for (Path part : folder.relativize(file)) {
            if (part.toString().startsWith(".") || part.toString().endsWith("~")) {
                return true;
            }
        }
        return false;
    }

    private void look(Path file, Map<Path, Seen> found) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            Seen last = seen.get(file);
            boolean same = last != null && last.time().equals(attributes.lastModifiedTime())
                    && last.size() == attributes.size() && Objects.equals(last.key(), attributes.fileKey())
                    && clock.millis() - attributes.lastModifiedTime().toMillis() > YOUNG_MILLIS;
            found.put(file, new Seen(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey(),
                    same ? last.hash() : hash(file)));
        } catch (NoSuchFileException gone) {
            // Deleted between the two looks: as if it had not been there.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
