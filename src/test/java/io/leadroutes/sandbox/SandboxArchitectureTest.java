package io.leadroutes.sandbox;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class SandboxArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.leadroutes");

    @Test
    void sandboxUsesNothingOfTheApplication() {
        noClasses().that().resideInAPackage("io.leadroutes.sandbox..").should().dependOnClassesThat(
                new DescribedPredicate<JavaClass>("belong to the application") {
                    @Override
                    public boolean test(JavaClass type) {
                        return type.getPackageName().startsWith("io.leadroutes")
                                && !type.getPackageName().startsWith("io.leadroutes.sandbox");
                    }
                }).check(CLASSES);
    }

    @Test
    void applicationUsesOnlyTheLauncherOfTheSandbox() {
        noClasses().that().resideOutsideOfPackage("io.leadroutes.sandbox..").should().dependOnClassesThat(
                new DescribedPredicate<JavaClass>("belong to the sandbox and are not its launcher") {
                    @Override
                    public boolean test(JavaClass type) {
                        return type.getPackageName().startsWith("io.leadroutes.sandbox")
                                && !type.getName().equals(SandboxLauncher.class.getName());
                    }
                }).check(CLASSES);
    }

    @Test
    void standInsDoNotKnowEachOther() {
        noClasses().that().resideInAPackage("io.leadroutes.sandbox.zoominfo..").should().dependOnClassesThat()
                .resideInAPackage("io.leadroutes.sandbox.salesforce..").allowEmptyShould(true).check(CLASSES);
        classes().that().resideInAPackage("io.leadroutes.sandbox.world..").should().onlyDependOnClassesThat()
                .resideInAnyPackage("io.leadroutes.sandbox.world..", "java..", "net.datafaker..").check(CLASSES);
    }
}
