package io.httpkit.spring.boot.server;

import io.httpkit.spring.boot.diagnostics.ExplainedFailure;
import io.httpkit.spring.boot.diagnostics.SetProperties;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.WebServerException;

/** A server cannot listen on its address, for another reason than that others do. */
public final class CannotListenException extends WebServerException implements ExplainedFailure {
  private static final long serialVersionUID = 1L;

  private static final List<String> SOCKETS = List.of("httpkit.unix-socket");
  private static final List<String> HOSTS =
      List.of("httpkit.ip", "server.address", "management.server.address");
  private static final List<String> PORTS =
      List.of("httpkit.port", "server.port", "management.server.port");

  private final SocketAddress address;
  private final IOException reason;

  CannotListenException(String place, SocketAddress address, IOException cause) {
    super("http-kit cannot listen on " + place, cause);
    this.address = address;
    this.reason = cause;
  }

  /** What it was to listen on. */
  public SocketAddress address() {
    return address;
  }

  /** Which property has the address. */
  @Override
  public FailureAnalysis explain(SetProperties properties) {
    FailureAnalysis known = ofProperty(properties);
    return known != null
        ? known
        : new FailureAnalysis(
            ExplainedFailure.reasons(this), "Let the server listen on another address.", this);
  }

  private @Nullable FailureAnalysis ofProperty(SetProperties properties) {
    String said = " (" + ExplainedFailure.reasons(reason) + ")";
    if (!(address instanceof InetSocketAddress inet)) {
      return first(
          properties,
          SOCKETS,
          address.toString()::equals,
          "it must be a path in a directory that is there and may be written to" + said);
    }
    // the system allows low ports to some only, and says so; else it is the address
    if (said.contains("ermission")) {
      return first(
          properties,
          PORTS,
          String.valueOf(inet.getPort())::equals,
          "it must be a port that this process may listen on, such as one above 1023" + said);
    }
    return first(
        properties,
        HOSTS,
        host -> new InetSocketAddress(host, inet.getPort()).equals(inet),
        "it must be an address of this machine, or 0.0.0.0 for all of them" + said);
  }

  /** About the first of these properties whose value it is. */
  private @Nullable FailureAnalysis first(
      SetProperties properties, List<String> candidates, Predicate<String> isIt, String allowed) {
    for (String property : candidates) {
      String set = properties.value(property);
      if (set != null && isIt.test(set)) {
        return properties.notAllowed(property, set, allowed, this);
      }
    }
    return null;
  }
}
