package dev.rein.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The arrows between packages point one way, and all waiting goes through the kernel. */
@AnalyzeClasses(packages = "dev.rein", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule theWordsForStoppingDependOnNothing = noClasses()
            .that()
            .resideInAPackage("dev.rein.cancel")
            .should()
            .dependOnClassesThat(in("dev.rein..").and(DescribedPredicate.not(in("dev.rein.cancel"))));

    @ArchTest
    static final ArchRule modelsKnowNothingOfRuns = noClasses()
            .that()
            .resideInAPackage("dev.rein.model")
            .should()
            .dependOnClassesThat(in("dev.rein..").and(DescribedPredicate.not(in("dev.rein.cancel", "dev.rein.model"))));

    @ArchTest
    static final ArchRule runsKnowNothingOfAgents = noClasses()
            .that()
            .resideInAnyPackage("dev.rein.run..", "dev.rein.internal.run..", "dev.rein.session")
            .should()
            .dependOnClassesThat(in(
                    "dev.rein.agent..",
                    "dev.rein.team..",
                    "dev.rein.workflow..",
                    "dev.rein.internal.agent..",
                    "dev.rein.tool",
                    "dev.rein.internal.tool"));

    @ArchTest
    static final ArchRule toolsKnowNothingOfAgents = noClasses()
            .that()
            .resideInAnyPackage("dev.rein.tool", "dev.rein.internal.tool")
            .should()
            .dependOnClassesThat(in("dev.rein.agent..", "dev.rein.internal.agent..", "dev.rein.internal.run.."));

    /** What waits in a way of its own can't be stopped. */
    private static final Map<Class<?>, Set<String>> RAW_WAITS = Map.of(
            Thread.class, Set.of("sleep", "join"),
            Future.class, Set.of("get"),
            BlockingQueue.class, Set.of("take", "poll", "put"),
            CountDownLatch.class, Set.of("await"),
            Condition.class, Set.of("await", "awaitNanos", "awaitUninterruptibly"),
            Semaphore.class, Set.of("acquire", "acquireUninterruptibly"),
            Object.class, Set.of("wait"),
            LockSupport.class, Set.of("park", "parkNanos"));

    @ArchTest
    static final ArchRule allWaitingGoesThroughTheScope = noClasses()
            .that()
            .resideOutsideOfPackage("dev.rein.internal.run")
            .should()
            .callMethodWhere(new DescribedPredicate<JavaMethodCall>("it waits without the scope") {
                @Override
                public boolean test(JavaMethodCall call) {
                    return RAW_WAITS.entrySet().stream()
                            .anyMatch(raw -> call.getTargetOwner().isAssignableTo(raw.getKey())
                                    && raw.getValue().contains(call.getName()));
                }
            });

    /** Whoever depends on Rein depends on these, so there are four, and what they bring. */
    @Test
    void coreDependsOnFourLibraries() throws Exception {
        var pom = Files.readString(Path.of("pom.xml"));
        var compile = Pattern.compile(
                        "<dependency>\\s*<groupId>[^<]*</groupId>\\s*<artifactId>([^<]*)</artifactId>\\s*</dependency>")
                .matcher(pom)
                .results()
                .map(found -> found.group(1))
                .toList();

        assertThat(compile)
                .containsExactlyInAnyOrder(
                        "jackson-databind",
                        // What databind brings, named for the sake of their versions.
                        "jackson-annotations",
                        "jackson-core",
                        "slf4j-api",
                        "jspecify",
                        "jsonschema-generator",
                        "jsonschema-module-jackson");
    }

    private static DescribedPredicate<JavaClass> in(String... packages) {
        return JavaClass.Predicates.resideInAnyPackage(packages);
    }
}
