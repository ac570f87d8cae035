package io.httpkit.client;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which redirects are followed, and with what. RFC 9110 §15.4. Pure.
 *
 * <p>What the caller confided to one server is not sent to another: as soon as a redirect leads to
 * another origin, credentials go from the headers, and as each request is made from the headers of
 * the one before, they do not come back when a later redirect leads to the first origin again.
 *
 * @param isFollowing whether any is followed
 * @param max how many are followed for one request
 * @param keepsUnsafeMethods whether 301, 302 and 303 keep method and body too
 */
record RedirectPolicy(boolean isFollowing, int max, boolean keepsUnsafeMethods) {
  private static final List<String> CREDENTIALS =
      List.of("Authorization", "Cookie", "Proxy-Authorization", "Host");

  /** Besides those that begin with {@code Content-}. RFC 9110 §15.4. */
  private static final Set<String> OF_A_BODY =
      Set.of("transfer-encoding", "trailer", "expect", "digest", "repr-digest");

  RedirectPolicy {
    if (max < 0) {
      throw new IllegalArgumentException("max redirects must not be negative but was " + max);
    }
  }

  /**
   * The request that is to follow a response; null if the response is the answer. Parameters of its
   * query are those of the URL, none are added.
   *
   * @param hop that was answered; headers as the caller gave them, without what a {@link CookieJar}
   *     added
   * @param redirects how many were followed to come to it
   * @param code the status of the response
   * @throws ClientException if the redirect cannot be followed; shows neither paths nor passwords
   */
  @Nullable Hop next(Hop hop, int redirects, int code, Headers response) throws ClientException {
    boolean isRedirect = code == 301 || code == 302 || code == 303 || code == 307 || code == 308;
    if (!isRedirect || !isFollowing) {
      return null;
    }
    if (redirects >= max) {
      throw refused("redirected more than " + max + " times");
    }
    List<String> locations = response.all("Location");
    if (locations.size() != 1) {
      String count = locations.isEmpty() ? "without a" : "with more than one";
      throw refused("a redirect " + count + " Location");
    }
    try {
      return next(hop, code, target(hop.uri(), locations.get(0)));
    } catch (IllegalArgumentException e) {
      throw refused("a redirect with a Location that is none: " + e.getMessage());
    }
  }

  private static ClientException refused(String reason) {
    return new ClientException(Kind.REDIRECT, reason);
  }

  private Hop next(Hop hop, int code, RequestUri target) throws ClientException {
    Origin origin = hop.uri().origin();
    if (origin.isSecure() && !target.origin().isSecure()) {
      throw refused("a redirect from " + origin + " to what is not secure");
    }
    Upload upload = hop.upload();
    boolean keepsMethod = code == 307 || code == 308 || keepsUnsafeMethods;
    if (keepsMethod && upload != null && !upload.isRepeatable()) {
      throw refused(
          "a redirect that needs the body again, which is a stream and can be sent once only");
    }
    Method method = keepsMethod || hop.method() == Method.HEAD ? hop.method() : Method.GET;
    Headers headers = headers(hop.headers(), keepsMethod, origin.equals(target.origin()));
    return new Hop(method, target, headers, keepsMethod ? upload : null);
  }

  /** Where it leads. Credentials in a {@code Location} are not the caller's, and not used. */
  private static RequestUri target(RequestUri from, String location) {
    RequestUri to = from.resolve(text(location));
    if (to.scheme().isWebSocket() && !from.scheme().isWebSocket()) {
      throw new IllegalArgumentException("it leads from " + from.scheme() + " to " + to.scheme());
    }
    boolean sameOrigin = from.origin().equals(to.origin());
    RequestUri target = to.withCredentials(sameOrigin ? from.credentials() : null);
    return from.scheme().isWebSocket() ? target.asWebSocket() : target;
  }

  /** Octets beyond ASCII, which were read as ISO-8859-1, are of UTF-8 if they can be. */
  private static String text(String location) {
    byte[] octets = location.getBytes(StandardCharsets.ISO_8859_1);
    String utf8 = new String(octets, StandardCharsets.UTF_8);
    return utf8.indexOf('\ufffd') < 0 ? utf8 : location;
  }

  private static Headers headers(Headers given, boolean keepsMethod, boolean sameOrigin) {
    Headers.Builder kept = given.toBuilder();
    if (!sameOrigin) {
      CREDENTIALS.forEach(kept::remove);
    }
    if (!keepsMethod) {
      given.names().stream().filter(RedirectPolicy::isOfABody).forEach(kept::remove);
    }
    return kept.build();
  }

  private static boolean isOfABody(String name) {
    return name.startsWith("content-") || OF_A_BODY.contains(name);
  }
}
