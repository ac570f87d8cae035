package io.httpkit.client;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which proxy leads to which target. Immutable: {@link #DIRECT}, {@link #of(Proxy)}, or what the
 * environment says, {@link #fromEnvironment}.
 */
public final class ProxyRules {
  /** No proxy for any target. */
  public static final ProxyRules DIRECT = new ProxyRules(null, null);

  private final @Nullable Proxy plain;
  private final @Nullable Proxy secure;

  private ProxyRules(@Nullable Proxy plain, @Nullable Proxy secure) {
    this.plain = plain;
    this.secure = secure;
  }

  /** This proxy, but for the targets it names as reached directly. */
  public static ProxyRules of(Proxy proxy) {
    return new ProxyRules(proxy, proxy);
  }

  /**
   * What {@code HTTP_PROXY} (for {@code http} and {@code ws}), {@code HTTPS_PROXY} (for {@code
   * https} and {@code wss}), {@code ALL_PROXY} (for what the others leave open) and {@code
   * NO_PROXY} say: {@code ProxyRules.fromEnvironment(System.getenv())}. Names in lower case go
   * first; an empty value means no proxy.
   *
   * <p>Where {@code REQUEST_METHOD} is set, {@code HTTP_PROXY} is ignored: this is a CGI program
   * then, and that variable holds what a client sent in a field named {@code Proxy}.
   *
   * @throws IllegalArgumentException naming the variable, if its value is not the URL of a proxy
   */
  public static ProxyRules fromEnvironment(Map<String, String> environment) {
    String noProxy = value(environment, "NO_PROXY");
    Proxy all = proxy(environment, "ALL_PROXY", null);
    return new ProxyRules(
        without(proxy(environment, "HTTP_PROXY", all), noProxy),
        without(proxy(environment, "HTTPS_PROXY", all), noProxy));
  }

  private static @Nullable Proxy proxy(
      Map<String, String> environment, String name, @Nullable Proxy otherwise) {
    String url = value(environment, name);
    if (url == null) {
      return otherwise;
    }
    try {
      return url.isBlank() ? null : Proxy.of(url.strip());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "environment variable " + name + " names no proxy: " + e.getMessage(), e);
    }
  }

  private static @Nullable String value(Map<String, String> environment, String name) {
    String lower = environment.get(name.toLowerCase(Locale.ROOT));
    boolean fromClient = name.equals("HTTP_PROXY") && environment.containsKey("REQUEST_METHOD");
    return lower != null || fromClient ? lower : environment.get(name);
  }

  private static @Nullable Proxy without(@Nullable Proxy proxy, @Nullable String noProxy) {
    return proxy == null || noProxy == null ? proxy : proxy.withNoProxy(noProxy);
  }

  /** The proxy that leads to this target; empty if it is reached directly. */
  Optional<Proxy> proxyFor(Origin target) {
    return Optional.ofNullable(target.isSecure() ? secure : plain)
        .filter(proxy -> proxy.isFor(target));
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof ProxyRules other
        && Objects.equals(plain, other.plain)
        && Objects.equals(secure, other.secure);
  }

  @Override
  public int hashCode() {
    return Objects.hash(plain, secure);
  }

  /** For a log; shows neither user nor password. */
  @Override
  public String toString() {
    return Objects.equals(plain, secure)
        ? "ProxyRules[" + (plain == null ? "direct" : plain) + "]"
        : "ProxyRules[http: " + plain + ", https: " + secure + "]";
  }
}
