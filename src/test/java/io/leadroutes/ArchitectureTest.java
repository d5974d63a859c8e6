package io.leadroutes;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which package may know which; what the sandbox may know stands in {@code SandboxArchitectureTest}. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.leadroutes");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.leadroutes.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lead", "rules", "secret", "finding", "crash", "metrics"})
    void theGroundFloorKnowsNobody(String name) {
        String own = "io.leadroutes." + name;
        noClasses().that().resideInAPackage(own + "..").should().dependOnClassesThat(
                new DescribedPredicate<JavaClass>("belong to another package but finding, crash and metrics") {
                    @Override
                    public boolean test(JavaClass type) {
                        return type.getPackageName().startsWith("io.leadroutes")
                                && !type.getPackageName().equals("io.leadroutes.finding")
                                && !type.getPackageName().equals("io.leadroutes.crash")
                                && !type.getPackageName().equals("io.leadroutes.metrics")
                                && !type.getPackageName().equals(own) && !type.getPackageName().startsWith(own + ".");
                    }
                }).check(CLASSES);
    }
}
