package dev.rein.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.rein.agent.AnswerHook;
import dev.rein.agent.BeforeHook;
import dev.rein.agent.PerRun;
import dev.rein.guardrail.Check;
import dev.rein.internal.PrintableExceptions;
import dev.rein.internal.run.UserCode;
import dev.rein.model.Model;
import dev.rein.run.AbandonedThread;
import dev.rein.run.CancelResult;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunStatus;
import dev.rein.tool.ToolFunction;
import dev.rein.workflow.Condition;
import dev.rein.workflow.Loop;
import dev.rein.workflow.Router;
import dev.rein.workflow.StepFunction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The arrows between packages point one way, and all waiting goes through the kernel. */
@AnalyzeClasses(packages = "dev.rein", importOptions = ArchitectureTest.WithoutTests.class)
class ArchitectureTest {
    /** Whatever folder it is built into. */
    static final class WithoutTests implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes/");
        }
    }

    private static final String INTERNAL = "dev.rein.internal";

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
    static final ArchRule noTwoPublicPackagesFormACycle = SlicesRuleDefinition.slices()
            .assignedFrom(packages(name -> !name.startsWith(INTERNAL)))
            .should()
            .beFreeOfCycles();

    /** The kernel's rooms are the internal half of the runtime; an agent's loop is that of agents, and so on. */
    @ArchTest
    static final ArchRule noCycleIsLeftWhereAPackageAndItsInternalHalfCountAsOne = SlicesRuleDefinition.slices()
            .assignedFrom(packages(name -> true, ArchitectureTest::half))
            .should()
            .beFreeOfCycles();

    private static String half(String name) {
        if (!name.startsWith(INTERNAL + ".")) {
            return name;
        }
        var room = name.substring(INTERNAL.length() + 1);
        var isOfTheRuntime = ROOMS.contains(room) && !room.equals("stop");
        return room.equals("stop") ? name : "dev.rein." + (isOfTheRuntime ? "runtime" : room);
    }

    @ArchTest
    static final ArchRule noTwoInternalPackagesFormACycle = SlicesRuleDefinition.slices()
            .assignedFrom(packages(name -> name.startsWith(INTERNAL)))
            .should()
            .beFreeOfCycles();

    /** Each room of the kernel may use those behind it. */
    private static final List<String> ROOMS =
            List.of("durable", "run", "pause", "delivery", "event", "storing", "stop");

    @ArchTest
    static void arrowsBetweenRoomsPointDown(JavaClasses classes) {
        for (var i = 0; i < ROOMS.size(); i++) {
            var above = ROOMS.subList(0, i).stream()
                    .map(room -> INTERNAL + "." + room)
                    .toArray(String[]::new);
            if (i > 0) {
                noClasses()
                        .that()
                        .resideInAPackage(INTERNAL + "." + ROOMS.get(i))
                        .should()
                        .dependOnClassesThat(in(above))
                        .check(classes);
            }
        }
    }

    @ArchTest
    static final ArchRule theKernelKnowsNoKindOfComponent = noClasses()
            .that()
            .resideInAnyPackage(
                    ROOMS.stream().map(room -> INTERNAL + "." + room).toArray(String[]::new))
            .should()
            .dependOnClassesThat(in(
                    "dev.rein.agent",
                    "dev.rein.team",
                    "dev.rein.workflow",
                    "dev.rein.tool",
                    INTERNAL + ".agent",
                    INTERNAL + ".team",
                    INTERNAL + ".workflow",
                    INTERNAL + ".tool"))
            .orShould()
            .accessFieldWhere(new DescribedPredicate<JavaFieldAccess>("a kind of component is named") {
                @Override
                public boolean test(JavaFieldAccess access) {
                    return access.getTargetOwner().isEquivalentTo(ComponentKind.class);
                }
            });

    @ArchTest
    static final ArchRule stoppingKnowsNothingOfRuns = classes()
            .that()
            .resideInAPackage(INTERNAL + ".stop")
            .should()
            .onlyDependOnClassesThat(DescribedPredicate.not(in("dev.rein.."))
                    .or(in(INTERNAL + ".stop", "dev.rein.cancel"))
                    .or(JavaClass.Predicates.belongToAnyOf(
                            RunStatus.class,
                            CancelResult.class,
                            CancelResult.Outcome.class,
                            AbandonedThread.class,
                            PrintableExceptions.class)));

    @ArchTest
    static final ArchRule toolsKnowNothingOfAgents = noClasses()
            .that()
            .resideInAnyPackage("dev.rein.tool", INTERNAL + ".tool")
            .should()
            .dependOnClassesThat(in("dev.rein.agent", "dev.rein.runtime", INTERNAL + ".agent", INTERNAL + ".run"));

    /** More would be a room that nobody finds their way in. Events are one family, and one each. */
    @ArchTest
    static void noPackageHasMoreThan25Classes(JavaClasses classes) {
        var sizes = classes.stream()
                .filter(each -> each.isTopLevelClass() && !each.getSimpleName().equals("package-info"))
                .filter(each -> !each.getPackageName().equals("dev.rein.run.event"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));

        assertThat(sizes).allSatisfy((name, size) -> assertThat(size).as(name).isLessThanOrEqualTo(25));
    }

    /** What waits in a way of its own can't be stopped. */
    private static final Map<Class<?>, Set<String>> RAW_WAITS = Map.of(
            Thread.class, Set.of("sleep", "join"),
            Future.class, Set.of("get"),
            BlockingQueue.class, Set.of("take", "poll", "put"),
            CountDownLatch.class, Set.of("await"),
            java.util.concurrent.locks.Condition.class, Set.of("await", "awaitNanos", "awaitUninterruptibly"),
            Semaphore.class, Set.of("acquire", "acquireUninterruptibly"),
            Object.class, Set.of("wait"),
            LockSupport.class, Set.of("park", "parkNanos"));

    @ArchTest
    static final ArchRule allWaitingGoesThroughTheScope = noClasses()
            .that()
            .resideOutsideOfPackages(INTERNAL + ".stop", INTERNAL + ".event", INTERNAL + ".storing")
            .should()
            .callMethodWhere(new DescribedPredicate<JavaMethodCall>("it waits without the scope") {
                @Override
                public boolean test(JavaMethodCall call) {
                    return RAW_WAITS.entrySet().stream()
                            .anyMatch(raw -> call.getTargetOwner().isAssignableTo(raw.getKey())
                                    && raw.getValue().contains(call.getName()));
                }
            });

    /** What users write and a run calls, apart from cleanups. */
    private static final Map<Class<?>, String> USER_CODE = Map.of(
            Model.class, "respond",
            ToolFunction.class, "call",
            StepFunction.class, "execute",
            BeforeHook.class, "apply",
            // An AfterHook is called as one that returns the same text.
            AnswerHook.class, "apply",
            PerRun.class, "get",
            Check.class, "check",
            Loop.Until.class, "isDone",
            Condition.Test.class, "holds",
            Router.Choice.class, "choose");

    /** The doors that let nothing start after a stop. */
    private static final Set<String> DOORS =
            Set.of(UserCode.class.getName() + ".call", "dev.rein.internal.workflow.WorkflowExecutor.callUserCode");

    /** Code of a lambda counts as that of the method around it. */
    @ArchTest
    static void userCodeIsCalledThroughTheDoor(JavaClasses classes) {
        var calls = classes.stream()
                .filter(each -> each.getPackageName().startsWith(INTERNAL))
                .flatMap(each -> each.getMethodCallsFromSelf().stream())
                .filter(call -> USER_CODE.entrySet().stream()
                        .anyMatch(user -> call.getTargetOwner().isEquivalentTo(user.getKey())
                                && call.getName().equals(user.getValue())))
                .toList();
        assertThat(calls.stream().map(call -> call.getTargetOwner().getName()))
                .containsOnlyOnceElementsOf(
                        USER_CODE.keySet().stream().map(Class::getName).toList());
        assertThat(calls)
                .allSatisfy(call -> assertThat(call.getOrigin().getMethodCallsFromSelf().stream()
                                .map(each -> each.getTargetOwner().getName() + "." + each.getName()))
                        .as("%s calls one of %s", call.getOrigin().getFullName(), DOORS)
                        .containsAnyElementsOf(DOORS));
    }

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

    private static SliceAssignment packages(Predicate<String> which) {
        return packages(which, name -> name);
    }

    private static SliceAssignment packages(Predicate<String> which, UnaryOperator<String> slice) {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                var name = javaClass.getPackageName();
                return which.test(name) ? SliceIdentifier.of(slice.apply(name)) : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "packages";
            }
        };
    }

    private static DescribedPredicate<JavaClass> in(String... packages) {
        return JavaClass.Predicates.resideInAnyPackage(packages);
    }
}
