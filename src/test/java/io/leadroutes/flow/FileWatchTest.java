package io.leadroutes.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {

    @TempDir
    Path folder;

    private Path file;
    private FileWatch watch;

    @BeforeEach
    void startWatching() throws IOException {
        file = folder.resolve("intake/a.camel.yaml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "one");
        watch = new FileWatch(folder, Clock.systemUTC());
    }

    @Test
    void nothingIsToldWhileNothingChanges() {
        assertThat(watch.hasChanged()).isFalse();
        assertThat(watch.hasChanged()).isFalse();
    }

    @Test
    void aChangeIsToldOnceItHasStoodForTwoLooks() throws IOException {
        Files.writeString(file, "two");

        assertThat(watch.hasChanged()).isFalse();
        assertThat(watch.hasChanged()).isTrue();
        assertThat(watch.hasChanged()).isFalse();
    }

    @Test
    void aFileStillBeingWrittenIsLeftAlone() throws IOException {
        Files.writeString(file, "tw");
        assertThat(watch.hasChanged()).isFalse();
        Files.writeString(file, "two");
        assertThat(watch.hasChanged()).isFalse();
        assertThat(watch.hasChanged()).isTrue();
    }

    @Test
    void aTextOfTheSameLengthAndTimeIsSeenWhileTheFileIsYoung() throws IOException {
        FileTime time = FileTime.from(Instant.now());
        Files.writeString(file, "two");
        Files.setLastModifiedTime(file, time);
        watch.hasChanged();
        assertThat(watch.hasChanged()).isTrue();

        Files.writeString(file, "six");
        Files.setLastModifiedTime(file, time);
        watch.hasChanged();

        assertThat(watch.hasChanged()).isTrue();
    }

    @Test
    void aNewTimeWithoutNewTextIsNoChange() throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));

        assertThat(watch.hasChanged()).isFalse();
        assertThat(watch.hasChanged()).isFalse();
    }

    @Test
    void newAndDeletedFilesAreChanges() throws IOException {
        Files.writeString(folder.resolve("b.camel.yaml"), "b");
        watch.hasChanged();
        assertThat(watch.hasChanged()).isTrue();

        Files.delete(file);
        watch.hasChanged();
        assertThat(watch.hasChanged()).isTrue();
    }

    @Test
    void theSwitchedLinkOfAMountedConfigMapIsAChange() throws IOException {
        Path mount = folder.resolve("mount");
        Files.createDirectories(mount.resolve("..1"));
        Files.createDirectories(mount.resolve("..2"));
        Files.writeString(mount.resolve("..1/x.camel.yaml"), "one");
        Files.writeString(mount.resolve("..2/x.camel.yaml"), "two");
        Path data = Files.createSymbolicLink(mount.resolve("..data"), Path.of("..1"));
        Files.createSymbolicLink(mount.resolve("x.camel.yaml"), Path.of("..data/x.camel.yaml"));
        FileWatch mounted = new FileWatch(mount, Clock.systemUTC());

        Files.delete(data);
        Files.createSymbolicLink(data, Path.of("..2"));
        mounted.hasChanged();

        assertThat(mounted.hasChanged()).isTrue();
        assertThat(RouteFolder.read(mount).texts()).hasSize(1).containsValue("two");
    }
}
