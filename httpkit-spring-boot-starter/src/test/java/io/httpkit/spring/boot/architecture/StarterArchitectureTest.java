package io.httpkit.spring.boot.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;

class StarterArchitectureTest {
  private static final String ROOT = "io.httpkit.spring.boot.";

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("io.httpkit.spring.boot");

  @Test
  void packagesHaveNoCycle() {
    slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void onlyConfigurationKnowsTheActuator() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "actuate", ROOT + "autoconfigure")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            ROOT + "actuate",
            "org.springframework.boot.actuate..",
            "org.springframework.boot.health..")
        .check(MAIN);
  }

  @Test
  void theActuatorsPartKnowsTheServerOnly() {
    classes()
        .that()
        .resideInAPackage(ROOT + "actuate")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            ROOT + "actuate",
            ROOT + "server",
            ROOT + "server.context",
            "io.httpkit.http",
            "io.httpkit.channel",
            "io.httpkit.client",
            "io.httpkit.server",
            "java..",
            "org.jspecify..",
            "org.reactivestreams..",
            "org.springframework..",
            "reactor..",
            "tools.jackson..")
        .check(MAIN);
  }
}
