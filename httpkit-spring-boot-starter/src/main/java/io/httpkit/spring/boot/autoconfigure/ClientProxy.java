package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.client.Proxy;
import io.httpkit.client.ProxyRules;
import io.httpkit.spring.boot.diagnostics.InvalidHttpKitPropertyException;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.util.StringUtils;

/** The proxy that properties name. */
final class ClientProxy {
  private static final String SECRET = "******";

  private ClientProxy() {}

  /**
   * Which proxy leads to which target.
   *
   * @param prefix of the properties, with a dot at its end
   * @throws InvalidHttpKitPropertyException if a value is not allowed
   */
  static ProxyRules of(
      String prefix, HttpKitClientProperties.Proxy proxy, Map<String, String> environment) {
    if (StringUtils.hasText(proxy.url())) {
      return ProxyRules.of(proxy(prefix, proxy, proxy.url()));
    }
    return proxy.fromEnvironment()
        ? checked(prefix + "from-environment", true, () -> ProxyRules.fromEnvironment(environment))
        : ProxyRules.DIRECT;
  }

  private static Proxy proxy(String prefix, HttpKitClientProperties.Proxy proxy, String url) {
    Proxy named =
        checked(prefix + "url", withoutUser(url), () -> Proxy.of(url)).withTunnel(proxy.tunnel());
    String[] direct = proxy.noProxy().toArray(String[]::new);
    Proxy limited = checked(prefix + "no-proxy", proxy.noProxy(), () -> named.withNoProxy(direct));
    return proxy.username() == null
        ? limited
        : withCredentials(
            prefix, limited, proxy.username(), Objects.requireNonNullElse(proxy.password(), ""));
  }

  private static Proxy withCredentials(
      String prefix, Proxy proxy, String username, String password) {
    checked(prefix + "username", username, () -> proxy.withCredentials(username, ""));
    return checked(prefix + "password", SECRET, () -> proxy.withCredentials(username, password));
  }

  /** A URL may hold a password, which is not shown. */
  private static String withoutUser(String url) {
    int user = url.lastIndexOf('@');
    return user < 0 ? url : SECRET + url.substring(user);
  }

  private static <T> T checked(String property, Object shown, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw new InvalidHttpKitPropertyException(property, shown, String.valueOf(e.getMessage()));
    }
  }
}
