package io.httpkit.client;

import io.httpkit.client.CookieJar.Target;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A cookie as it is kept. RFC 6265 §5.3.
 *
 * @param domain the host that set it, or one above it that it is for
 * @param isHostOnly whether it is for no host below {@code domain}
 * @param expiresMillis {@link Long#MAX_VALUE} if it lives as long as the jar
 * @param created the place in the order of creation
 */
record StoredCookie(
    String name,
    String value,
    String domain,
    boolean isHostOnly,
    String path,
    boolean isSecure,
    long expiresMillis,
    long created) {
  private static final long MAX_LIFE_MILLIS = 400L * 24 * 60 * 60 * 1000;

  /** The cookie that this field sets; null if it may not. */
  static @Nullable StoredCookie of(SetCookie field, Target target, long nowMillis, long created) {
    String domain = field.domain;
    String host = target.host();
    boolean forHostsBelow = domain != null && hasDotInside(domain) && IpAddress.parse(host) == null;
    boolean foreign =
        domain != null && !domain.equals(host) && !(forHostsBelow && isBelow(host, domain));
    boolean tooSecure = field.isSecure && !target.isSecure();
    if (foreign || tooSecure || !keepsPromise(field)) {
      return null;
    }
    String path = field.path;
    return new StoredCookie(
        field.name,
        field.value,
        domain != null && forHostsBelow ? domain : host,
        !forHostsBelow,
        path == null ? defaultPath(target.path()) : path,
        field.isSecure,
        expiry(field, nowMillis),
        created);
  }

  /** A domain of one label is no one's own. */
  private static boolean hasDotInside(String domain) {
    int dot = domain.indexOf('.');
    return dot > 0 && dot < domain.length() - 1;
  }

  private static boolean isBelow(String host, String domain) {
    return host.endsWith("." + domain) && IpAddress.parse(host) == null;
  }

  /** What the name promises must be so. RFC 6265bis §4.1.3. */
  private static boolean keepsPromise(SetCookie field) {
    String name = field.name.toLowerCase(Locale.ROOT);
    if (name.startsWith("__host-")) {
      return field.isSecure && field.domain == null && "/".equals(field.path);
    }
    return field.isSecure || !name.startsWith("__secure-");
  }

  /** Up to the last slash. RFC 6265 §5.1.4. */
  private static String defaultPath(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }

  private static long expiry(SetCookie field, long nowMillis) {
    long expiry = field.expiryMillis(nowMillis);
    return expiry == Long.MAX_VALUE ? expiry : Math.min(expiry, nowMillis + MAX_LIFE_MILLIS);
  }

  boolean isExpired(long nowMillis) {
    return expiresMillis <= nowMillis;
  }

  /** Whether it belongs to a request. RFC 6265 §5.4. */
  boolean matches(Target target) {
    boolean hostMatches =
        target.host().equals(domain) || (!isHostOnly && isBelow(target.host(), domain));
    return hostMatches && pathMatches(target.path(), path) && (target.isSecure() || !isSecure);
  }

  /** RFC 6265 §5.1.4. */
  static boolean pathMatches(String path, String cookiePath) {
    return path.startsWith(cookiePath)
        && (path.length() == cookiePath.length()
            || cookiePath.endsWith("/")
            || path.charAt(cookiePath.length()) == '/');
  }

  /**
   * Whether this secure cookie would be hidden by another that was set without TLS. RFC 6265bis
   * §5.7, step 16.
   */
  boolean isHiddenBy(StoredCookie other) {
    boolean sameDomain =
        domain.equals(other.domain)
            || isBelow(domain, other.domain)
            || isBelow(other.domain, domain);
    return isSecure && name.equals(other.name) && sameDomain && pathMatches(other.path, path);
  }

  /** Whether setting the one replaces the other. RFC 6265 §5.3, step 11. */
  boolean isSameAs(StoredCookie other) {
    return name.equals(other.name)
        && domain.equals(other.domain)
        && isHostOnly == other.isHostOnly
        && path.equals(other.path);
  }

  StoredCookie createdAt(long other) {
    return new StoredCookie(name, value, domain, isHostOnly, path, isSecure, expiresMillis, other);
  }
}
