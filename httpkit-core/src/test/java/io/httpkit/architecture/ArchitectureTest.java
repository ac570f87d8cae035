package io.httpkit.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.httpkit.internal.codec.content.PieceInputStream;
import io.httpkit.server.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final String ROOT = "io.httpkit.";
  private static final String CODECS = "io.httpkit.internal.codec..";

  /** Each package, and those of this library that it may import. */
  private static final Map<String, Set<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("http", Set.of()),
          Map.entry("channel", Set.of("http")),
          Map.entry("timer", Set.of()),
          Map.entry("tls", Set.of()),
          Map.entry("internal.loop", Set.of()),
          Map.entry("internal.codec.http1", Set.of("http")),
          Map.entry("internal.codec.uri", Set.of("http")),
          Map.entry("internal.codec.content", Set.of("http")),
          Map.entry("internal.codec.sse", Set.of("http", "channel")),
          Map.entry("internal.codec.socks", Set.of("http")),
          Map.entry("internal.codec.websocket", Set.of("http")),
          Map.entry("internal.net", Set.of("internal.loop")),
          Map.entry("internal.worker", Set.of("http", "internal.loop")),
          Map.entry("internal.tls", Set.of("internal.loop", "internal.net")),
          Map.entry("internal.channel", Set.of("http", "channel", "internal.loop", "internal.net")),
          Map.entry(
              "internal.websocket",
              Set.of(
                  "http",
                  "channel",
                  "internal.loop",
                  "internal.net",
                  "internal.channel",
                  "internal.codec.websocket")),
          Map.entry(
              "client",
              Set.of(
                  "http",
                  "channel",
                  "timer",
                  "tls",
                  "internal.loop",
                  "internal.net",
                  "internal.tls",
                  "internal.worker",
                  "internal.channel",
                  "internal.websocket",
                  "internal.codec.content",
                  "internal.codec.http1",
                  "internal.codec.socks",
                  "internal.codec.sse",
                  "internal.codec.uri",
                  "internal.codec.websocket")),
          Map.entry(
              "server",
              Set.of(
                  "http",
                  "channel",
                  "internal.loop",
                  "internal.net",
                  "internal.worker",
                  "internal.tls",
                  "internal.channel",
                  "internal.websocket",
                  "internal.codec.http1",
                  "internal.codec.uri",
                  "internal.codec.websocket")));

  private static final Path MAIN_CLASSES = classesWith(HttpServer.class);
  private static final JavaClasses MAIN = new ClassFileImporter().importPath(MAIN_CLASSES);
  private static final JavaClasses TESTS =
      new ClassFileImporter().importPath(classesWith(ArchitectureTest.class));

  /** The directory of the classes among which this one is. */
  private static Path classesWith(Class<?> type) {
    URL url = Objects.requireNonNull(type.getResource(type.getSimpleName() + ".class"));
    try {
      Path path = Path.of(url.toURI());
      for (int i = type.getName().split("\\.").length; i > 0; i--) {
        path = Objects.requireNonNull(path.getParent());
      }
      return path;
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  // ---- packages

  @Test
  void packagesImportInOneDirection() {
    MAY_IMPORT.forEach(
        (name, others) -> {
          String[] allowed =
              Stream.of(Stream.of(name), others.stream())
                  .flatMap(names -> names)
                  .map(ROOT::concat)
                  .toArray(String[]::new);
          classes()
              .that()
              .resideInAPackage(ROOT + name)
              .should()
              .onlyDependOnClassesThat()
              .resideInAnyPackage(
                  Stream.concat(
                          Stream.of(allowed),
                          Stream.of(
                              "java..", "javax.crypto..", "javax.net.ssl..", "org.jspecify.."))
                      .toArray(String[]::new))
              .check(MAIN);
        });
  }

  @Test
  void everyPackageHasItsPlaceInTheOrder() {
    Set<String> packages = MAIN.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());

    assertThat(packages)
        .containsExactlyInAnyOrderElementsOf(
            MAY_IMPORT.keySet().stream().map(ROOT::concat).collect(Collectors.toSet()));
  }

  @Test
  void packagesHaveNoCycle() {
    slices().matching("io.httpkit.(**)").should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void internalsKnowNeitherServerNorClient() {
    noClasses()
        .that()
        .resideInAPackage("io.httpkit.internal..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.httpkit.server..", "io.httpkit.client..")
        .check(MAIN);
  }

  @Test
  void everyPackageSaysWhatMayBeNull() {
    List<String> unmarked =
        MAY_IMPORT.keySet().stream()
            .map(name -> MAIN.getPackage(ROOT + name))
            .filter(some -> !some.isAnnotatedWith(NullMarked.class))
            .map(JavaPackage::getName)
            .collect(Collectors.toList());

    assertThat(unmarked).isEmpty();
  }

  @Test
  void moduleExportsOnlyThePublicApi() throws IOException {
    try (InputStream in = Files.newInputStream(MAIN_CLASSES.resolve("module-info.class"))) {
      ModuleDescriptor module = ModuleDescriptor.read(in);

      assertThat(module.exports())
          .extracting(ModuleDescriptor.Exports::source)
          .containsExactlyInAnyOrder(
              "io.httpkit.channel",
              "io.httpkit.client",
              "io.httpkit.http",
              "io.httpkit.server",
              "io.httpkit.timer",
              "io.httpkit.tls");
      assertThat(module.opens()).isEmpty();
    }
  }

  // ---- what is done at one place only

  @Test
  void onlyTheLoopTouchesSelectors() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.httpkit.internal.loop")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Selector.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(SelectionKey.class)
        .check(MAIN);
  }

  /** One codec has the face of a stream as well, for who reads from one. */
  @Test
  void codecsArePure() {
    noClasses()
        .that()
        .resideInAPackage(CODECS)
        .and()
        .areNotAssignableTo(PieceInputStream.class)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.io..",
            "java.net..",
            "java.nio.channels..",
            "java.nio.file..",
            "java.time..",
            "java.util.concurrent..",
            "javax.crypto..",
            "javax.net..")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Thread.class)
        .check(MAIN);
    assertThat(users(MAIN, ArchitectureTest::asksTheTime))
        .noneMatch(name -> name.startsWith("io.httpkit.internal.codec"));
  }

  @Test
  void timeComesFromOnePlace() {
    assertThat(users(MAIN, ArchitectureTest::asksTheTime))
        .containsExactlyInAnyOrder(
            "io.httpkit.client.CookieJar",
            "io.httpkit.internal.loop.Ticker",
            "io.httpkit.server.DefaultFieldsClock",
            "io.httpkit.timer.Timer");
  }

  @Test
  void nothingSleeps() {
    assertThat(users(MAIN, ArchitectureTest::sleeps)).isEmpty();
    assertThat(users(TESTS, ArchitectureTest::sleeps)).isEmpty();
  }

  /** The names of the classes that call, or refer to, such a member. */
  private static Set<String> users(JavaClasses where, Predicate<JavaAccess<?>> member) {
    return where.stream()
        .flatMap(type -> type.getAccessesFromSelf().stream())
        .filter(member)
        .map(access -> access.getOriginOwner().getName())
        .collect(Collectors.toSet());
  }

  private static boolean asksTheTime(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    String name = access.getName();
    return (owner.isEquivalentTo(System.class)
            && (name.equals("nanoTime") || name.equals("currentTimeMillis")))
        || (owner.getPackageName().equals("java.time") && name.equals("now"))
        || owner.isEquivalentTo(java.time.Clock.class);
  }

  private static boolean sleeps(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    return (owner.isEquivalentTo(Thread.class) || owner.isEquivalentTo(TimeUnit.class))
        && access.getName().equals("sleep");
  }
}
