package io.httpkit.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.ChannelOptions;
import io.httpkit.channel.ChannelOptions.Compression;
import io.httpkit.channel.SlowReader;
import io.httpkit.client.ClientConfig;
import io.httpkit.http.Workers;
import io.httpkit.server.ServerConfig;
import io.httpkit.server.ServerTls;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class HttpKitPropertiesTest {
  private static final int JAVA = Runtime.version().feature();

  /** Properties whose default depends on the machine, or is that there is none. */
  private static final Set<String> WITHOUT_DEFAULT =
      Set.of(
          "httpkit.loops",
          "httpkit.unix-socket",
          "httpkit.channels.subprotocols",
          "httpkit.channels.allowed-origins",
          "httpkit.client.loops",
          "httpkit.client.threads",
          "httpkit.client.bind-address",
          "httpkit.client.channels.subprotocols",
          "httpkit.client.proxy.url",
          "httpkit.client.proxy.username",
          "httpkit.client.proxy.password",
          "httpkit.client.proxy.no-proxy",
          "httpkit.client.ssl.bundle");

  /** Options that are no text: they are objects. {@code httpkit.ssl} makes a {@code ServerTls}. */
  private static final Set<String> ONLY_FOR_CUSTOMIZERS =
      Set.of(
          "httpkit.address",
          "httpkit.executor",
          "httpkit.events",
          "httpkit.channels",
          "httpkit.tls",
          "httpkit.client.executor",
          "httpkit.client.resolver",
          "httpkit.client.address-finder",
          "httpkit.client.retry-policy",
          "httpkit.client.interceptor",
          "httpkit.client.events",
          "httpkit.client.channels",
          "httpkit.client.proxy",
          "httpkit.client.proxies",
          "httpkit.client.tls",
          "httpkit.client.channels.allowed-origins",
          "httpkit.client.channels.heartbeat");

  /** Options of {@code ServerTls} whose names are not those of {@code httpkit.ssl}. */
  private static final Map<String, String> NAMES_OF_TLS =
      Map.of(
          "context", "httpkit.ssl.bundle",
          "host", "httpkit.ssl.server-name-bundles",
          "strict-sni", "httpkit.strict-sni",
          "protocols", "httpkit.ssl.enabled-protocols",
          "handshake-timeout", "httpkit.handshake-timeout");

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(HttpKitServerAutoConfiguration.class))
          .withPropertyValues("httpkit.auto-startup=false");

  /** A property, a value for it, and the option that must then be this. */
  record Row(
      String property,
      String value,
      Function<ServerConfig, @Nullable Object> option,
      @Nullable Object expected) {
    @Override
    public String toString() {
      return property + "=" + value;
    }
  }

  static Stream<Row> rows() {
    return Stream.of(
            addresses(),
            workers(),
            sizes(),
            counts(),
            timeouts(),
            channels(),
            serverHeaders(),
            fromBoot())
        .flatMap(Collection::stream);
  }

  private static List<Row> addresses() {
    return List.of(
        new Row("httpkit.ip", "127.0.0.1", config -> inet(config).getHostString(), "127.0.0.1"),
        new Row("httpkit.ip", "::1", config -> inet(config).getPort(), 8090),
        new Row("httpkit.port", "8123", config -> inet(config).getPort(), 8123),
        new Row("httpkit.port", "0", config -> inet(config).getPort(), 0),
        new Row(
            "httpkit.unix-socket",
            "/run/app.sock",
            ServerConfig::address,
            UnixDomainSocketAddress.of(Path.of("/run/app.sock"))),
        new Row("httpkit.unix-socket", "", config -> inet(config).getPort(), 8090),
        new Row("httpkit.backlog", "17", ServerConfig::backlog, 17),
        new Row("httpkit.loops", "3", ServerConfig::loops, 3));
  }

  private static List<Row> workers() {
    Workers virtual =
        JAVA < 21 ? Workers.platform(4, 20480, "worker-") : Workers.virtual(20480, "worker-");
    return List.of(
        row("thread", "9", Workers.platform(9, 20480, "worker-")),
        row("worker-name-prefix", "w", Workers.platform(4, 20480, "w")),
        row("queue-size", "5", Workers.platform(4, 5, "worker-")),
        row("virtual-threads", "false", Workers.platform(4, 20480, "worker-")),
        new Row("spring.threads.virtual.enabled", "true", ServerConfig::workers, virtual));
  }

  private static Row row(String property, String value, Workers expected) {
    return new Row("httpkit." + property, value, ServerConfig::workers, expected);
  }

  private static List<Row> sizes() {
    return List.of(
        new Row("httpkit.max-body", "1MB", config -> config.limits().maxBody(), 1L << 20),
        new Row("httpkit.max-body", "100", config -> config.limits().maxBody(), 100L),
        new Row("httpkit.max-line", "4KB", config -> config.limits().maxLine(), 4096),
        new Row(
            "httpkit.max-header-bytes", "1KB", config -> config.limits().maxHeaderBytes(), 1024),
        new Row(
            "httpkit.max-response-header-bytes",
            "2KB",
            config -> config.limits().maxResponseHeaderBytes(),
            2048),
        new Row(
            "httpkit.max-chunk-extension-bytes",
            "0",
            config -> config.limits().maxChunkExtensionBytes(),
            0),
        new Row("httpkit.min-body-rate", "1KB", config -> config.limits().minBodyRate(), 1024));
  }

  private static List<Row> counts() {
    return List.of(
        new Row("httpkit.max-headers", "11", config -> config.limits().maxHeaders(), 11),
        new Row("httpkit.max-parameters", "12", config -> config.limits().maxParameters(), 12),
        new Row("httpkit.max-cookies", "13", config -> config.limits().maxCookies(), 13),
        new Row("httpkit.max-connections", "14", config -> config.limits().maxConnections(), 14));
  }

  private static List<Row> timeouts() {
    return List.of(
        row("head-timeout", "1s", config -> config.timeouts().head(), Duration.ofSeconds(1)),
        row("body-timeout", "200ms", config -> config.timeouts().body(), Duration.ofMillis(200)),
        row("idle-timeout", "3m", config -> config.timeouts().idle(), Duration.ofMinutes(3)),
        row("write-timeout", "4s", config -> config.timeouts().write(), Duration.ofSeconds(4)),
        row("linger-timeout", "5000", config -> config.timeouts().linger(), Duration.ofSeconds(5)));
  }

  private static Row row(
      String property,
      String value,
      Function<ServerConfig, @Nullable Object> option,
      Duration expected) {
    return new Row("httpkit." + property, value, option, expected);
  }

  private static List<Row> channels() {
    return List.of(
        channel("subprotocols", "b,a", ChannelOptions::subprotocols, List.of("b", "a")),
        channel("allowed-origins", "*", ChannelOptions::allowedOrigins, Set.of("*")),
        channel("max-message", "5KB", ChannelOptions::maxMessage, 5120),
        channel("streamed-messages", "true", ChannelOptions::streamsMessages, true),
        channel("compression", "off", ChannelOptions::compression, Compression.OFF),
        channel("min-compressed-bytes", "6", ChannelOptions::minCompressedBytes, 6),
        channel("ping-interval", "7s", ChannelOptions::pingInterval, Duration.ofSeconds(7)),
        channel("pong-timeout", "8s", ChannelOptions::pongTimeout, Duration.ofSeconds(8)),
        channel("close-timeout", "9s", ChannelOptions::closeTimeout, Duration.ofSeconds(9)),
        channel("message-timeout", "2m", ChannelOptions::messageTimeout, Duration.ofMinutes(2)),
        channel("idle-timeout", "1m", ChannelOptions::idleTimeout, Duration.ofMinutes(1)),
        channel("heartbeat", "0s", ChannelOptions::heartbeat, Duration.ZERO),
        channel("slow-reader", "wait", ChannelOptions::slowReader, SlowReader.WAIT),
        channel("max-queued-bytes", "2MB", ChannelOptions::maxQueuedBytes, 2L << 20));
  }

  private static Row channel(
      String property,
      String value,
      Function<ChannelOptions, @Nullable Object> option,
      Object expected) {
    return new Row(
        "httpkit.channels." + property, value, config -> option.apply(config.channels()), expected);
  }

  private static List<Row> serverHeaders() {
    return List.of(
        new Row("httpkit.server-header", "mine/1", ServerConfig::serverHeader, "mine/1"),
        new Row("httpkit.server-header", "", ServerConfig::serverHeader, null));
  }

  private static List<Row> fromBoot() {
    return List.of(
        new Row("server.port", "8124", config -> inet(config).getPort(), 8124),
        new Row(
            "server.address", "127.0.0.2", config -> inet(config).getHostString(), "127.0.0.2"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void setsTheOption(Row row) {
    runner
        .withPropertyValues(row.property() + "=" + row.value())
        .run(
            context ->
                assertThat(row.option().apply(context.getBean(ServerConfig.class)))
                    .isEqualTo(row.expected()));
  }

  @Test
  void everyOptionHasAProperty() {
    Set<String> options =
        Stream.of(
                setters(ServerConfig.Builder.class, "httpkit."),
                setters(ClientConfig.Builder.class, "httpkit.client."),
                withers(ChannelOptions.class).map(name -> "httpkit.channels." + name),
                withers(ChannelOptions.class).map(name -> "httpkit.client.channels." + name),
                withers(ServerTls.class)
                    // HTTP/1.1 is all that there is to agree on
                    .filter(name -> !name.equals("application-protocols"))
                    .map(name -> NAMES_OF_TLS.getOrDefault(name, "httpkit.ssl." + name)))
            .flatMap(names -> names)
            .filter(name -> !ONLY_FOR_CUSTOMIZERS.contains(name))
            .collect(Collectors.toSet());
    assertThat(Metadata.properties().keySet()).containsAll(options);
  }

  private static Stream<String> setters(Class<?> builder, String prefix) {
    return Arrays.stream(builder.getMethods())
        .filter(method -> !Modifier.isStatic(method.getModifiers()))
        .filter(method -> method.getReturnType() == builder)
        .map(method -> prefix + dashed(method.getName()));
  }

  private static Stream<String> withers(Class<?> options) {
    return Arrays.stream(options.getMethods())
        .map(Method::getName)
        .filter(name -> name.startsWith("with"))
        .map(name -> dashed(name.substring("with".length())).substring(1));
  }

  private static String dashed(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  @Test
  void everyPropertyIsDocumentedWithItsDefault() {
    Metadata.properties()
        .forEach(
            (name, property) -> {
              assertThat(property.get("description")).as(name).asString().endsWith(".");
              if (!WITHOUT_DEFAULT.contains(name) && !name.startsWith("httpkit.ssl.")) {
                assertThat(property.get("defaultValue")).as(name).isNotNull();
              }
            });
  }

  @Test
  void defaultsAreThoseOfTheServer() {
    runner.run(
        context ->
            assertThat(context.getBean(ServerConfig.class)).isEqualTo(ServerConfig.defaults()));
  }

  /** Whoever sets what the documentation calls the default changes nothing. */
  @Test
  void documentedDefaultsAreThoseOfTheServer() {
    String[] all =
        Metadata.properties().entrySet().stream()
            .filter(entry -> entry.getValue().containsKey("defaultValue"))
            .map(entry -> entry.getKey() + "=" + entry.getValue().get("defaultValue"))
            .filter(assignment -> !assignment.startsWith("httpkit.auto-startup"))
            .filter(assignment -> !assignment.startsWith("httpkit.ssl."))
            .toArray(String[]::new);
    runner
        .withPropertyValues(all)
        .run(
            context ->
                assertThat(context.getBean(ServerConfig.class)).isEqualTo(ServerConfig.defaults()));
  }

  @Test
  void ownPropertiesWinOverThoseOfBoot() {
    runner
        .withPropertyValues(
            "server.port=1",
            "httpkit.port=2",
            "server.address=127.0.0.2",
            "httpkit.ip=127.0.0.3",
            "spring.threads.virtual.enabled=true",
            "httpkit.virtual-threads=false")
        .run(
            context -> {
              ServerConfig config = context.getBean(ServerConfig.class);
              assertThat(config.address()).isEqualTo(new InetSocketAddress("127.0.0.3", 2));
              assertThat(config.workers().kind()).isEqualTo(Workers.Kind.PLATFORM);
            });
  }

  @Test
  void virtualThreadsOfTheClientNeedAJavaThatHasThem() {
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(SslAutoConfiguration.class, HttpKitClientAutoConfiguration.class))
        .withPropertyValues("httpkit.client.virtual-threads=true")
        .run(
            context -> {
              if (JAVA < 21) {
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("httpkit.client.virtual-threads is true")
                    .hasMessageContaining("virtual threads need Java 21 but this is " + JAVA);
              } else {
                assertThat(context.getBean(ClientConfig.class).workers())
                    .isEqualTo(Workers.virtual(Integer.MAX_VALUE, "http-kit-client-worker-"));
              }
            });
  }

  @Test
  void virtualThreadsNeedAJavaThatHasThem() {
    runner
        .withPropertyValues("httpkit.virtual-threads=true", "httpkit.queue-size=7")
        .run(
            context -> {
              if (JAVA < 21) {
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("httpkit.virtual-threads is true")
                    .hasMessageContaining("virtual threads need Java 21 but this is " + JAVA);
              } else {
                assertThat(context.getBean(ServerConfig.class).workers())
                    .isEqualTo(Workers.virtual(7, "worker-"));
              }
            });
  }

  private static InetSocketAddress inet(ServerConfig config) {
    return (InetSocketAddress) config.address();
  }
}
