package dev.hark;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.properties.HasOwner;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.hark.admin.Inspector;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.Log;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.Threads;
import dev.hark.internal.memory.MemoryStore;
import dev.hark.internal.redis.RedisStore;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleFinder;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which way imports run: the class path hides nothing, so a test must. */
class RoomsTest {

    /** What is exported. */
    private static final String[] API = {"dev.hark", "dev.hark.admin", "dev.hark.error", "dev.hark.event"};

    private static final String ENGINE = "dev.hark.internal.engine..";
    private static final String REDIS = "dev.hark.internal.redis..";
    private static final String MEMORY = "dev.hark.internal.memory..";

    /** What all that works inside comes down to. */
    private static final Set<String> WORKS =
            Set.of(Env.class.getName(), Store.class.getName(), Threads.class.getName());

    private static final URL CLASSES =
            Hark.class.getProtectionDomain().getCodeSource().getLocation();

    private static final JavaClasses CORE = new ClassFileImporter().importUrl(CLASSES);

    /** What acts: it uses what works inside, or what does so. The rest are values, which the rooms below may use. */
    private static final Set<JavaClass> ACTORS = actors();

    private static final DescribedPredicate<JavaClass> ACTOR = DescribedPredicate.describe(
            "what acts in the API", type -> isOfTheApi(type) && ACTORS.contains(outermost(type)));

    private static Set<JavaClass> actors() {
        Set<JavaClass> actors = new HashSet<>();
        boolean more = true;
        while (more) {
            more = false;
            for (JavaClass type : CORE) {
                if (usesWhatWorks(type, actors)) {
                    more |= actors.add(outermost(type));
                }
            }
        }
        return actors;
    }

    private static boolean isOfTheApi(JavaClass type) {
        return resideInAnyPackage(API).test(type);
    }

    private static boolean usesWhatWorks(JavaClass type, Set<JavaClass> actors) {
        return type.getDirectDependenciesFromSelf().stream()
                .map(dependency -> outermost(dependency.getTargetClass()))
                .anyMatch(used -> WORKS.contains(used.getName())
                        || resideInAnyPackage(REDIS, MEMORY, "tools.jackson..").test(used)
                        || actors.contains(used));
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(RoomsTest::outermost).orElse(type);
    }

    @Test
    void whatActsIsFoundOut() {
        Set<String> names = ACTORS.stream().map(JavaClass::getSimpleName).collect(Collectors.toSet());
        assertThat(names)
                .contains(
                        "Hark",
                        "HarkBuilder",
                        "MessageQueue",
                        "ListenerBuilder",
                        "RunningListener",
                        "Inspector",
                        "DeadLetters")
                .doesNotContain("Message", "Outcome", "Event", "QueueSettings", "HarkException", "Codec");
    }

    @Test
    void whatIsNotInternalIsExported() throws Exception {
        Path classes = Path.of(CLASSES.toURI());
        assertThat(ModuleFinder.of(classes)
                        .find("dev.hark")
                        .orElseThrow()
                        .descriptor()
                        .exports())
                .extracting(Exports::source)
                .containsExactlyInAnyOrder(API);
        assertThat(CORE.stream().map(JavaClass::getPackageName).filter(name -> !name.startsWith("dev.hark.internal")))
                .isSubsetOf(API);
    }

    @Test
    void errorsAndEventsAreValues() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.hark.error", "dev.hark.event")
                .should()
                .dependOnClassesThat(ACTOR.or(resideInAPackage("dev.hark.internal..")))
                .check(CORE);
    }

    @Test
    void theEngineKnowsOnlyValues() {
        noClasses()
                .that()
                .resideInAPackage(ENGINE)
                .should()
                .dependOnClassesThat(ACTOR.or(resideInAnyPackage(REDIS, MEMORY)))
                .check(CORE);
    }

    @Test
    void theDoctorKnowsOnlyTheEngineAndValues() {
        noClasses()
                .that()
                .resideInAPackage("dev.hark.internal.doctor..")
                .should()
                .dependOnClassesThat(ACTOR.or(resideInAnyPackage(REDIS, MEMORY)))
                .check(CORE);
    }

    @Test
    void theStoresKnowOnlyTheEngineAndValues() {
        noClasses()
                .that()
                .resideInAPackage(REDIS)
                .should()
                .dependOnClassesThat(ACTOR.or(resideInAPackage(MEMORY)))
                .check(CORE);
        noClasses()
                .that()
                .resideInAPackage(MEMORY)
                .should()
                .dependOnClassesThat(ACTOR.or(resideInAPackage(REDIS)))
                .check(CORE);
    }

    @Test
    void onlyOneRoomKnowsTheRedisClient() {
        noClasses()
                .that(not(resideInAPackage(REDIS)))
                .should()
                .dependOnClassesThat(resideInAnyPackage("redis.clients..", "org.apache.commons.pool2.."))
                .check(CORE);
    }

    @Test
    void theRoomsOfRedisAreAskedFromTheStoreDown() {
        String redis = "dev.hark.internal.redis";
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("store")
                .definedBy(redis)
                .layer("examine")
                .definedBy(redis + ".examine")
                .layer("wire")
                .definedBy(redis + ".wire")
                .layer("scripts")
                .definedBy(redis + ".scripts")
                .whereLayer("store")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("examine")
                .mayOnlyBeAccessedByLayers("store")
                .whereLayer("wire")
                .mayOnlyBeAccessedByLayers("store", "examine")
                .check(CORE);
    }

    @Test
    void onlyHarkWiresTheRooms() {
        noClasses()
                .that(not(DescribedPredicate.describe(
                        "Hark and the stores",
                        type -> resideInAnyPackage(REDIS, MEMORY).test(type)
                                || outermost(type).isEquivalentTo(HarkBuilder.class))))
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "the stores",
                        type -> type.isEquivalentTo(RedisStore.class) || type.isEquivalentTo(MemoryStore.class)))
                .check(CORE);
        noClasses()
                .that()
                .resideInAnyPackage(API)
                .and(not(DescribedPredicate.describe(
                        "Hark and its builder",
                        type -> type.isEquivalentTo(Hark.class) || type.isEquivalentTo(HarkBuilder.class))))
                .should()
                .dependOnClassesThat(resideInAnyPackage(REDIS, MEMORY))
                .check(CORE);
    }

    @Test
    void theRoomsInsideFormNoCircle() {
        slices().matching("dev.hark.internal.(*)..").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void theRoomsOfTheEngineAreAskedFromTheTopDown() {
        String engine = "dev.hark.internal.engine";
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("publish")
                .definedBy(engine + ".publish")
                .layer("listen")
                .definedBy(engine + ".listen")
                .layer("batch")
                .definedBy(engine + ".batch")
                .layer("base")
                .definedBy(engine)
                .layer("message")
                .definedBy(engine + ".message")
                .whereLayer("publish")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("listen")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("batch")
                .mayOnlyBeAccessedByLayers("publish", "listen")
                .whereLayer("base")
                .mayOnlyBeAccessedByLayers("publish", "listen", "batch")
                .check(CORE);
    }

    @Test
    void jsonIsReadInFewPlacesOnly() {
        noClasses()
                .that(not(DescribedPredicate.describe(
                        "what reads bodies and meta data, and what writes down malformed entries",
                        type -> Set.of("JsonCodecs", "JsonTypes", "Json", "Meta", "Payload")
                                .contains(outermost(type).getSimpleName()))))
                .should()
                .dependOnClassesThat(resideInAnyPackage("tools.jackson..", "com.fasterxml.."))
                .check(CORE);
    }

    @Test
    void oneClassMakesThreadsSoThatNoneInheritsAnything() {
        noClasses()
                .that(not(DescribedPredicate.describe(
                        "Threads", type -> outermost(type).isEquivalentTo(Threads.class))))
                .should()
                .callMethod(Thread.class, "ofPlatform")
                .orShould()
                .callMethod(Thread.class, "ofVirtual")
                .orShould()
                .callMethod(Thread.class, "startVirtualThread", Runnable.class)
                .orShould()
                .callConstructorWhere(
                        JavaCall.Predicates.target(HasOwner.Predicates.With.owner(assignableTo(Thread.class))))
                .check(CORE);
    }

    @Test
    void oneClassLogsSoThatNothingIsForged() {
        noClasses()
                .that(not(DescribedPredicate.describe(
                        "Log", type -> outermost(type).isEquivalentTo(Log.class))))
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.slf4j.."))
                .check(CORE);
    }

    @Test
    void whatUsersSeeMentionsNothingInternal() {
        classes()
                .that()
                .resideInAnyPackage(API)
                .and()
                .arePublic()
                .should(mentionNothingInternal())
                .check(CORE);
    }

    private static ArchCondition<JavaClass> mentionNothingInternal() {
        return new ArchCondition<>("mention no internal type where users see it") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (JavaCodeUnit unit : type.getCodeUnits()) {
                    if (visible(unit.getModifiers()) && !isMadeByHark(unit)) {
                        List<JavaType> types = new ArrayList<>(unit.getParameterTypes());
                        types.add(unit.getReturnType());
                        report(types, unit.getFullName(), events);
                    }
                }
                for (JavaField field : type.getFields()) {
                    if (visible(field.getModifiers())) {
                        report(List.of(field.getType()), field.getFullName(), events);
                    }
                }
                List<JavaType> parents = new ArrayList<>(type.getInterfaces());
                type.getSuperclass().ifPresent(parents::add);
                report(parents, type.getFullName(), events);
            }
        };
    }

    /** The one class beyond its own package that Hark makes of what lies inside. */
    private static boolean isMadeByHark(JavaCodeUnit unit) {
        return unit.isConstructor() && unit.getOwner().isEquivalentTo(Inspector.class);
    }

    private static boolean visible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static void report(List<JavaType> types, String where, ConditionEvents events) {
        boolean internal = types.stream()
                .flatMap(type -> type.getAllInvolvedRawTypes().stream())
                .anyMatch(raw -> raw.getPackageName().startsWith("dev.hark.internal"));
        events.add(new SimpleConditionEvent(where, !internal, where + " mentions an internal type: " + types));
    }
}
