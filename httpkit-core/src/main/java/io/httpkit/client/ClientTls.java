package io.httpkit.client;

import io.httpkit.tls.TlsContexts;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How a client speaks TLS. Immutable; the {@code with} methods return a changed copy. Connections
 * are shared only by requests with an equal one and the same {@code SSLContext}.
 *
 * <p>With an HTTPS proxy ({@link Proxy#https}) the client speaks it in the same way as with the
 * server: the same authorities are trusted, the name that is sent and compared is that of the one
 * or the other, and a certificate of the client is shown to either if it asks for one. TLS with a
 * server is within that with the proxy, which sees no more of it than its bytes.
 */
public final class ClientTls {
  /**
   * TLS 1.2 and 1.3, the trust of the JVM, and a certificate that must be for the host of the URL.
   */
  public static final ClientTls DEFAULTS =
      new ClientTls(ClientTls::jvmContext, List.of("TLSv1.3", "TLSv1.2"), null, false);

  /** Where the JDK finds the key that the default context shows. */
  private static final String JVM_KEYS = "javax.net.ssl.keyStore";

  private final Supplier<SSLContext> context;
  private final List<String> protocols;
  private final @Nullable Consumer<SSLEngine> configurer;
  private final boolean insecure;

  private ClientTls(
      Supplier<SSLContext> context,
      List<String> protocols,
      @Nullable Consumer<SSLEngine> configurer,
      boolean insecure) {
    this.context = context;
    this.protocols = protocols;
    this.configurer = configurer;
    this.insecure = insecure;
  }

  /** What the application has set for the JVM, else one with the same trust that says more. */
  private static SSLContext jvmContext() {
    try {
      SSLContext jvm = SSLContext.getDefault();
      return isUntouched(jvm) ? JvmTrust.CONTEXT : jvm;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no TLS", e);
    }
  }

  /** Whether nobody has replaced it, or given it a key. */
  private static boolean isUntouched(SSLContext jvm) {
    return jvm.getProtocol().equals("Default") && System.getProperty(JVM_KEYS) == null;
  }

  /** With these keys and this trust. */
  public ClientTls withContext(SSLContext newContext) {
    return withContext(new Fixed(newContext));
  }

  /** Equal for the same context, so that connections are shared. */
  private record Fixed(SSLContext context) implements Supplier<SSLContext> {
    @Override
    public SSLContext get() {
      return context;
    }
  }

  /** As {@link #withContext(SSLContext)}, asked for each new connection so that it can change. */
  public ClientTls withContext(Supplier<SSLContext> newContext) {
    return new ClientTls(newContext, protocols, configurer, insecure);
  }

  /** With these versions of TLS, default {@code TLSv1.3} and {@code TLSv1.2}. */
  public ClientTls withProtocols(String... names) {
    return new ClientTls(context, List.of(names), configurer, insecure);
  }

  /**
   * Has each engine changed before its handshake, behind all that is set here. Its {@code
   * getPeerHost} and {@code getPeerPort} tell a proxy from a server.
   */
  public ClientTls withConfigurer(Consumer<SSLEngine> newConfigurer) {
    return new ClientTls(context, protocols, newConfigurer, insecure);
  }

  /**
   * Any certificate is taken, for any host: whoever is in between can read and change everything.
   * For tests.
   *
   * <p>The {@code SSLContext} that was set is not used, as a context does not give its keys away:
   * the client shows no certificate of its own, whatever that context has, and a server that
   * demands one refuses it. To show one nevertheless, set a context with that key and a trust
   * manager that takes all (an {@code X509ExtendedTrustManager}, or the JDK compares the host), and
   * do not call this. Versions and configurer are kept.
   */
  public ClientTls insecure() {
    return new ClientTls(context, protocols, configurer, true);
  }

  /** What tells connections of one way of speaking TLS from those of another. */
  Object identity() {
    return insecure ? this : List.of(this, context.get());
  }

  /**
   * An engine for a connection to this host. The name is sent, and compared with the certificate;
   * of an address only the latter. RFC 6066 §3, RFC 9110 §4.3.4.
   *
   * @param applicationProtocols what can be spoken over it, RFC 7301; nothing is said about that if
   *     there are none
   */
  SSLEngine engine(String host, int port, String... applicationProtocols) {
    // the dot says that the name is whole, and is part of no certificate
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    SSLEngine engine = (insecure ? Insecure.CONTEXT : context.get()).createSSLEngine(name, port);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(protocols.toArray(String[]::new));
    parameters.setApplicationProtocols(applicationProtocols);
    if (!insecure) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    if (IpAddress.parse(name) == null) {
      parameters.setServerNames(List.of(new SNIHostName(name)));
    }
    engine.setSSLParameters(parameters);
    if (configurer != null) {
      configurer.accept(engine);
    }
    return engine;
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof ClientTls other
        && context.equals(other.context)
        && protocols.equals(other.protocols)
        && Objects.equals(configurer, other.configurer)
        && insecure == other.insecure;
  }

  @Override
  public int hashCode() {
    return Objects.hash(context, protocols, configurer, insecure);
  }

  /** Made when it is first used. */
  private static final class JvmTrust {
    static final SSLContext CONTEXT = TlsContexts.trusting();
  }

  /** Trusts everybody. An extended trust manager, as the JDK checks the host of others itself. */
  private static final class Insecure extends X509ExtendedTrustManager {
    static final SSLContext CONTEXT = context();

    private static SSLContext context() {
      try {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Insecure()}, null);
        return context;
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this JVM has no TLS", e);
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
