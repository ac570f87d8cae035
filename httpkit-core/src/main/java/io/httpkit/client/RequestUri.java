package io.httpkit.client;

import io.httpkit.internal.codec.uri.PercentEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a request, as a user types it or a server sends it: what may not stand in it is
 * encoded, what is ambiguous is refused. It has no fragment, as none is ever sent. Immutable.
 *
 * <p>Two are equal when they ask for the same with the same credentials. RFC 3986, RFC 9110 §4.2.
 */
final class RequestUri {
  private final Scheme scheme;
  private final Origin origin;
  private final @Nullable Credentials credentials;
  private final String path;
  private final @Nullable String query;

  /** What is given is encoded, and free of dot segments. */
  private RequestUri(
      Scheme scheme,
      Origin origin,
      @Nullable Credentials credentials,
      String path,
      @Nullable String query) {
    this.scheme = scheme;
    this.origin = origin;
    this.credentials = credentials;
    this.path = path;
    this.query = query;
  }

  /**
   * Reads an absolute URL.
   *
   * @throws IllegalArgumentException if it is none of {@code http}, {@code https}, {@code ws} or
   *     {@code wss}, its host or port is none, or it holds a control character or a backslash; the
   *     message says what is allowed and does not repeat the URL, which may hold a password
   */
  static RequestUri parse(String url) {
    String text = cleaned(url);
    int colon = schemeEnd(text);
    Scheme scheme = colon < 0 ? null : Scheme.named(text.substring(0, colon));
    if (scheme == null || !text.startsWith("//", colon + 1)) {
      throw new IllegalArgumentException(
          "a URL must begin with http://, https://, ws:// or wss://");
    }
    int start = colon + 3;
    int end = authorityEnd(text, start);
    UriAuthority authority = UriAuthority.parse(text.substring(start, end));
    Origin origin = new Origin(scheme, authority.host(), authority.portOr(scheme.defaultPort()));
    RequestUri root = new RequestUri(scheme, origin, authority.credentials(), "/", null);
    return root.withReference(text.substring(end));
  }

  /** Without spaces around it and the fragment, and free of what no URL may hold. */
  private static String cleaned(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && text.charAt(start) == ' ') {
      start++;
    }
    while (end > start && text.charAt(end - 1) == ' ') {
      end--;
    }
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || c == '\\') {
        throw new IllegalArgumentException(
            "a URL may hold neither control characters nor backslashes, but has one at index " + i);
      }
    }
    int fragment = text.indexOf('#', start);
    return text.substring(start, fragment < 0 || fragment > end ? end : fragment);
  }

  /** The index of the colon behind a scheme; -1 if the text does not begin with one. */
  private static int schemeEnd(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
      if (c == ':' && i > 0) {
        return i;
      }
      if (!letter && (i == 0 || !other)) {
        return -1;
      }
    }
    return -1;
  }

  private static int authorityEnd(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) != '/' && text.charAt(at) != '?') {
      at++;
    }
    return at;
  }

  /**
   * The URL that a reference means which was found at this one, by RFC 3986 §5.2. Credentials stay
   * where the authority does.
   *
   * @throws IllegalArgumentException as {@link #parse}
   */
  RequestUri resolve(String reference) {
    String text = cleaned(reference);
    if (schemeEnd(text) >= 0) {
      return parse(text);
    }
    return text.startsWith("//") ? parse(scheme + ":" + text) : withReference(text);
  }

  /** A path, absolute or relative, and a query, all of which may be absent. */
  private RequestUri withReference(String text) {
    int question = text.indexOf('?');
    String newPath = question < 0 ? text : text.substring(0, question);
    String newQuery =
        question < 0 ? null : PercentEncoder.QUERY.encode(text.substring(question + 1));
    if (newPath.isEmpty()) {
      return with(path, question < 0 ? query : newQuery);
    }
    String whole =
        newPath.startsWith("/") ? newPath : path.substring(0, path.lastIndexOf('/') + 1) + newPath;
    return with(withoutDotSegments(PercentEncoder.PATH.encode(whole)), newQuery);
  }

  /** RFC 3986 §5.2.4. */
  private static String withoutDotSegments(String path) {
    if (!path.contains("/.")) {
      return path;
    }
    List<String> kept = new ArrayList<>();
    String[] segments = path.substring(1).split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      boolean up = segments[i].equals("..");
      boolean dots = up || segments[i].equals(".");
      if (up && !kept.isEmpty()) {
        kept.remove(kept.size() - 1);
      }
      if (!dots) {
        kept.add(segments[i]);
      } else if (i == segments.length - 1) {
        kept.add("");
      }
    }
    return "/" + String.join("/", kept);
  }

  private RequestUri with(String newPath, @Nullable String newQuery) {
    return new RequestUri(scheme, origin, credentials, newPath, newQuery);
  }

  /** With more parameters, which are encoded already, behind those it has. */
  RequestUri withMoreQuery(String parameters) {
    if (parameters.isEmpty()) {
      return this;
    }
    return with(path, query == null || query.isEmpty() ? parameters : query + "&" + parameters);
  }

  /** With these credentials in place of its own. */
  RequestUri withCredentials(@Nullable Credentials other) {
    return new RequestUri(scheme, origin, other, path, query);
  }

  /** Of WebSocket, and as secure as it is. */
  RequestUri asWebSocket() {
    return new RequestUri(scheme.ofWebSocket(), origin, credentials, path, query);
  }

  Scheme scheme() {
    return scheme;
  }

  Origin origin() {
    return origin;
  }

  /** The user and password in the URL; null if there are none. */
  @Nullable Credentials credentials() {
    return credentials;
  }

  /** The value of the {@code Host} field. RFC 9110 §7.2. */
  String hostHeader() {
    return origin.hostHeader();
  }

  /** Without the query; begins with a slash. */
  String path() {
    return path;
  }

  /** What decides which cookies belong to the request. */
  CookieJar.Target cookieTarget() {
    return new CookieJar.Target(scheme.isSecure(), origin.host(), path);
  }

  /** What the server is asked for: origin-form, RFC 9112 §3.2.1. */
  String target() {
    return query == null ? path : path + "?" + query;
  }

  /** What a proxy is asked for: absolute-form, without credentials. RFC 9112 §3.2.2. */
  String absolute() {
    return scheme + "://" + hostHeader() + target();
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof RequestUri other
        && absolute().equals(other.absolute())
        && Objects.equals(credentials, other.credentials);
  }

  @Override
  public int hashCode() {
    return absolute().hashCode();
  }

  /** {@link #absolute()}, so that no password is shown. */
  @Override
  public String toString() {
    return absolute();
  }
}
