package dev.rein.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** No module uses the internals of another one, as for users. */
@AnalyzeClasses(packages = "dev.rein", importOptions = ImportOption.DoNotIncludeTests.class)
class EngineIsPrivateTest {

    @ArchTest
    static final ArchRule nobodyOutsideOfCoreImportsTheEngine = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.rein.gemini..",
                    "dev.rein.http..",
                    "dev.rein.langchain4j..",
                    "dev.rein.telemetry..",
                    "dev.rein.ollama..",
                    "dev.rein.openai..",
                    "dev.rein.tools..",
                    "dev.rein.store..",
                    "dev.rein.os..",
                    "dev.rein.testkit..",
                    "dev.rein.examples..",
                    "dev.rein.bench..",
                    "dev.rein.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.rein.internal..");

    @ArchTest
    static final ArchRule nobodyOutsideOfToolsImportsItsInternals = noClasses()
            .that()
            .resideOutsideOfPackage("dev.rein.tools..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.rein.tools.internal..");
}
