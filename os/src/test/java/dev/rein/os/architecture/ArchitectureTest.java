package dev.rein.os.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Collectors;

/** The rooms of the server, and the arrows between them. */
@AnalyzeClasses(packages = "dev.rein.os", importOptions = ArchitectureTest.WithoutTests.class)
class ArchitectureTest {
    /** Whatever folder it is built into. */
    static final class WithoutTests implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes/");
        }
    }

    private static final String INTERNAL = "dev.rein.os.internal";

    /** Each room may use those behind it. */
    private static final List<String> ROOMS =
            List.of("server", "socket", "console", "system", "sessions", "queue", "runs", "auth", "route", "wire");

    @ArchTest
    static void arrowsBetweenRoomsPointDown(JavaClasses classes) {
        var rooms = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (var room : ROOMS) {
            rooms = rooms.layer(room).definedBy(INTERNAL + "." + room);
        }
        for (var i = 0; i < ROOMS.size(); i++) {
            rooms = i == 0
                    ? rooms.whereLayer(ROOMS.get(i)).mayNotBeAccessedByAnyLayer()
                    : rooms.whereLayer(ROOMS.get(i))
                            .mayOnlyBeAccessedByLayers(ROOMS.subList(0, i).toArray(String[]::new));
        }
        rooms.check(classes);
    }

    @ArchTest
    static final ArchRule theSocketAndTheSystemRoutesKnowNothingOfEachOther = noClasses()
            .that()
            .resideInAPackage(INTERNAL + ".socket")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(INTERNAL + ".system", INTERNAL + ".sessions");

    /** More would be a room that nobody finds their way in. */
    @ArchTest
    static void noPackageHasMoreThan25Classes(JavaClasses classes) {
        var sizes = classes.stream()
                .filter(each -> each.isTopLevelClass() && !each.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));

        assertThat(sizes)
                .containsKey(INTERNAL + ".runs")
                .allSatisfy((name, size) -> assertThat(size).as(name).isLessThanOrEqualTo(25));
    }
}
