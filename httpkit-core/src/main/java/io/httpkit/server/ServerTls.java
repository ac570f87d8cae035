package io.httpkit.server;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * How a server speaks TLS: with which certificates and keys, and what it agrees to. Immutable; the
 * {@code with} methods return a changed copy.
 *
 * <pre>{@code
 * ServerTls.of(TlsContexts.of(Identity.pem(Path.of("server.crt"), Path.of("server.key"))))
 * }</pre>
 *
 * <p>TLS 1.2 and 1.3 are spoken, never less. Clients may not negotiate again. Sessions are resumed,
 * by default with tickets, for as long as the context lives: keep a context rather than make it
 * anew.
 */
public final class ServerTls {
  /** Whether clients have to show a certificate that the context's trust managers accept. */
  public enum ClientAuth {
    NONE,
    /** They are asked and may do without; a certificate that is not accepted ends the handshake. */
    WANT,
    /** The handshake ends if they do not. */
    NEED
  }

  private static final class Values implements Cloneable {
    SSLContext context;
    Map<String, SSLContext> hosts = Map.of();
    boolean strictSni;
    ClientAuth clientAuth = ClientAuth.NONE;
    List<String> protocols = List.of("TLSv1.3", "TLSv1.2");
    List<String> ciphers = List.of();
    List<String> applicationProtocols = List.of("http/1.1");
    Duration handshakeTimeout = Duration.ofSeconds(10);

    Values(SSLContext context) {
      this.context = context;
    }

    Values copy() {
      try {
        return (Values) clone();
      } catch (CloneNotSupportedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");

  private static final Pattern HOST = Pattern.compile("(\\*\\.)?[a-z0-9_-]+(\\.[a-z0-9_-]+)*");

  private final Values values;

  private ServerTls(Values values) {
    this.values = values;
  }

  /** The defaults, with the certificate and key of this context for all hosts. */
  public static ServerTls of(SSLContext context) {
    return new ServerTls(new Values(context));
  }

  /** The certificate and key for all hosts that have none of their own. */
  public ServerTls withContext(SSLContext context) {
    Values changed = values.copy();
    changed.context = context;
    return new ServerTls(changed);
  }

  /**
   * The certificate and key for one host, or with {@code *.example.com} for all of one more label
   * that have none of their own. RFC 6066 §3.
   *
   * @param name in ASCII (A-labels)
   * @throws IllegalArgumentException if the name is no host name
   */
  public ServerTls withHost(String name, SSLContext context) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (!HOST.matcher(lower).matches()) {
      throw new IllegalArgumentException(
          "host must be like example.com or *.example.com but was \"" + name + '"');
    }
    Map<String, SSLContext> hosts = new HashMap<>(values.hosts);
    hosts.put(lower, context);
    Values changed = values.copy();
    changed.hosts = Map.copyOf(hosts);
    return new ServerTls(changed);
  }

  /**
   * Whether clients are refused that come for no host of {@link #withHost}, or do not say for
   * which; default false: they get the certificate of {@link #of}.
   */
  public ServerTls withStrictSni(boolean strict) {
    Values changed = values.copy();
    changed.strictSni = strict;
    return new ServerTls(changed);
  }

  /** Whether clients show certificates; default {@link ClientAuth#NONE}. */
  public ServerTls withClientAuth(ClientAuth clientAuth) {
    Values changed = values.copy();
    changed.clientAuth = clientAuth;
    return new ServerTls(changed);
  }

  /**
   * The versions of TLS; default {@code TLSv1.3} and {@code TLSv1.2}.
   *
   * @throws IllegalArgumentException if one is neither
   */
  public ServerTls withProtocols(String... names) {
    checkNames("protocols", List.of(names), PROTOCOLS);
    Values changed = values.copy();
    changed.protocols = List.of(names);
    return new ServerTls(changed);
  }

  /**
   * The cipher suites, the preferred first; default those of the context.
   *
   * @throws IllegalArgumentException if the context of {@link #of} does not support one
   */
  public ServerTls withCiphers(String... names) {
    checkNames(
        "ciphers",
        List.of(names),
        Set.of(values.context.getSupportedSSLParameters().getCipherSuites()));
    Values changed = values.copy();
    changed.ciphers = List.of(names);
    return new ServerTls(changed);
  }

  /**
   * What is spoken over TLS, the preferred first; default {@code http/1.1}. A client that offers
   * only others is refused, one that offers none gets HTTP/1.1. RFC 7301.
   *
   * @throws IllegalArgumentException if this server does not speak one
   */
  public ServerTls withApplicationProtocols(String... names) {
    checkNames("applicationProtocols", List.of(names), Set.of("http/1.1", "http/1.0"));
    Values changed = values.copy();
    changed.applicationProtocols = List.of(names);
    return new ServerTls(changed);
  }

  /** How long a handshake may take, from the connection on; default 10 s. */
  public ServerTls withHandshakeTimeout(Duration timeout) {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("handshakeTimeout must be positive but was " + timeout);
    }
    Values changed = values.copy();
    changed.handshakeTimeout = timeout;
    return new ServerTls(changed);
  }

  private static void checkNames(String option, List<String> names, Collection<String> allowed) {
    if (names.isEmpty()) {
      throw new IllegalArgumentException(option + " must not be empty");
    }
    for (String name : names) {
      if (!allowed.contains(name)) {
        throw new IllegalArgumentException(
            option + " must be among " + allowed.stream().sorted().toList() + " but was " + name);
      }
    }
  }

  public SSLContext context() {
    return values.context;
  }

  /** The hosts with a certificate of their own, as they were given but in lower case. */
  public Map<String, SSLContext> hosts() {
    return values.hosts;
  }

  public boolean strictSni() {
    return values.strictSni;
  }

  public ClientAuth clientAuth() {
    return values.clientAuth;
  }

  public List<String> protocols() {
    return values.protocols;
  }

  /** Empty for those of the context. */
  public List<String> ciphers() {
    return values.ciphers;
  }

  public List<String> applicationProtocols() {
    return values.applicationProtocols;
  }

  public Duration handshakeTimeout() {
    return values.handshakeTimeout;
  }

  /**
   * An engine for a new connection; null if the client is to be refused.
   *
   * @param serverName for which the client came, in lower case; null if it does not say
   */
  @Nullable SSLEngine engineFor(@Nullable String serverName) {
    SSLContext chosen = serverName == null ? null : hostContext(serverName);
    if (chosen == null && values.strictSni) {
      return null;
    }
    SSLEngine engine = (chosen == null ? values.context : chosen).createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(values.protocols.toArray(String[]::new));
    parameters.setApplicationProtocols(values.applicationProtocols.toArray(String[]::new));
    parameters.setUseCipherSuitesOrder(true);
    if (!values.ciphers.isEmpty()) {
      parameters.setCipherSuites(values.ciphers.toArray(String[]::new));
    }
    if (values.clientAuth == ClientAuth.WANT) {
      parameters.setWantClientAuth(true);
    } else {
      parameters.setNeedClientAuth(values.clientAuth == ClientAuth.NEED);
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  private @Nullable SSLContext hostContext(String serverName) {
    String name =
        serverName.endsWith(".") ? serverName.substring(0, serverName.length() - 1) : serverName;
    SSLContext exact = values.hosts.get(name);
    return exact != null ? exact : values.hosts.get("*" + name.substring(firstDot(name)));
  }

  private static int firstDot(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name.length() : dot;
  }
}
