package dev.hark.cli;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.hark.cli.process.ExitCode;
import org.junit.jupiter.api.Test;

/** Which way the imports of the command run. */
class RoomsTest {

    private static final String CLI = "dev.hark.cli";

    /** What several commands use. */
    private static final DescribedPredicate<JavaClass> SHARED =
            resideInAnyPackage(CLI + ".term", CLI + ".process", CLI + ".connect", CLI + ".exec");

    private static final JavaClasses COMMAND = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(CLI);

    @Test
    void importsRunFromTheEntryThroughTheCommandsDown() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("entry")
                .definedBy(CLI)
                .layer("commands")
                .definedBy(resideInAPackage(CLI + ".*").and(not(SHARED)))
                .layer("exec")
                .definedBy(CLI + ".exec")
                .layer("connect")
                .definedBy(CLI + ".connect")
                .layer("process")
                .definedBy(CLI + ".process")
                .layer("term")
                .definedBy(CLI + ".term")
                .whereLayer("entry")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("commands")
                .mayOnlyBeAccessedByLayers("entry")
                .whereLayer("exec")
                .mayOnlyBeAccessedByLayers("commands")
                .whereLayer("connect")
                .mayOnlyBeAccessedByLayers("entry", "commands")
                .whereLayer("process")
                .mayOnlyBeAccessedByLayers("entry", "commands", "exec", "connect")
                .whereLayer("term")
                .mayOnlyBeAccessedByLayers("entry", "commands", "exec", "connect", "process")
                .check(COMMAND);
    }

    @Test
    void commandsKnowNothingOfEachOther() {
        slices().matching(CLI + ".(*)")
                .should()
                .notDependOnEachOther()
                .ignoreDependency(alwaysTrue(), SHARED)
                .check(COMMAND);
    }

    @Test
    void whatIsPublicIsUsedInAnotherRoom() {
        classes()
                .that()
                .arePublic()
                .and()
                .areTopLevelClasses()
                .and()
                .doNotHaveFullyQualifiedName(Main.class.getName())
                .and()
                .doNotHaveFullyQualifiedName(ExitCode.class.getName()) // its constants leave no trace
                .should(new ArchCondition<>("be used in another room") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        boolean used = type.getDirectDependenciesToSelf().stream()
                                .anyMatch(from ->
                                        !from.getOriginClass().getPackageName().equals(type.getPackageName()));
                        events.add(new SimpleConditionEvent(type, used, type.getName() + " is used in its room only"));
                    }
                })
                .check(COMMAND);
    }
}
