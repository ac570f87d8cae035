package io.httpkit.spring.boot.server;

import io.httpkit.spring.boot.diagnostics.Reasons;
import io.httpkit.spring.boot.diagnostics.SetProperties;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Says which property has the address that a server cannot listen on. */
final class CannotListenFailureAnalyzer extends AbstractFailureAnalyzer<CannotListenException> {
  private static final List<String> SOCKETS = List.of("httpkit.unix-socket");
  private static final List<String> HOSTS =
      List.of("httpkit.ip", "server.address", "management.server.address");
  private static final List<String> PORTS =
      List.of("httpkit.port", "server.port", "management.server.port");

  private final SetProperties properties;

  CannotListenFailureAnalyzer(Environment environment) {
    this.properties = new SetProperties(environment);
  }

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, CannotListenException cause) {
    FailureAnalysis known = ofProperty(cause.address(), cause);
    return known != null
        ? known
        : new FailureAnalysis(
            Reasons.of(cause), "Let the server listen on another address.", cause);
  }

  private @Nullable FailureAnalysis ofProperty(SocketAddress address, Throwable cause) {
    String said = " (" + Reasons.of(cause.getCause() == null ? cause : cause.getCause()) + ")";
    if (!(address instanceof InetSocketAddress inet)) {
      return first(
          SOCKETS,
          address.toString()::equals,
          "it must be a path in a directory that is there and may be written to" + said,
          cause);
    }
    // the system allows low ports to some only, and says so; else it is the address
    if (said.contains("ermission")) {
      return first(
          PORTS,
          String.valueOf(inet.getPort())::equals,
          "it must be a port that this process may listen on, such as one above 1023" + said,
          cause);
    }
    return first(
        HOSTS,
        host -> new InetSocketAddress(host, inet.getPort()).equals(inet),
        "it must be an address of this machine, or 0.0.0.0 for all of them" + said,
        cause);
  }

  /** About the first of these properties whose value it is. */
  private @Nullable FailureAnalysis first(
      List<String> candidates, Predicate<String> isIt, String allowed, Throwable cause) {
    for (String property : candidates) {
      String set = properties.value(property);
      if (set != null && isIt.test(set)) {
        return properties.notAllowed(property, set, allowed, cause);
      }
    }
    return null;
  }
}
