package io.httpkit.internal.codec.websocket;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import io.httpkit.http.Status;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The opening handshake as a server sees it. RFC 6455 §4.2. */
public final class ServerHandshake {
  static final String KEY = "Sec-WebSocket-Key";
  static final String PROTOCOL = "Sec-WebSocket-Protocol";
  static final String VERSION = "Sec-WebSocket-Version";
  static final String SUPPORTED_VERSION = "13";
  static final int KEY_BYTES = 16;
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final String ANY_ORIGIN = "*";

  /** The origin of a page that hides it, or has none. */
  private static final String NULL_ORIGIN = "null";

  private ServerHandshake() {}

  /** Whether a request means to open a WebSocket, well or badly. */
  public static boolean isAttempt(Headers headers) {
    return headers.hasToken("Upgrade", "websocket")
        || headers.contains(KEY)
        || headers.contains(VERSION);
  }

  /**
   * Checks that a request opens a WebSocket as it should. RFC 6455 §4.2.1.
   *
   * @throws BadMessageException with 400
   */
  public static void check(Method method, boolean isHttp11, Headers headers) {
    require(method == Method.GET && isHttp11, "a WebSocket is opened by GET of HTTP/1.1");
    require(headers.hasToken("Upgrade", "websocket"), "Upgrade must name websocket");
    require(headers.hasToken("Connection", "upgrade"), "Connection must name upgrade");
    require(
        headers.all(VERSION).equals(List.of(SUPPORTED_VERSION)),
        VERSION + " must be " + SUPPORTED_VERSION);
    List<String> keys = headers.all(KEY);
    require(
        keys.size() == 1 && isKey(keys.get(0)), KEY + " must be " + KEY_BYTES + " bytes in Base64");
  }

  private static void require(boolean met, String what) {
    if (!met) {
      throw new BadMessageException(Status.BAD_REQUEST, what);
    }
  }

  /** Whether it is 16 bytes in Base64, in the only form without bits to spare. */
  private static boolean isKey(String key) {
    try {
      byte[] bytes = Base64.getDecoder().decode(key);
      return bytes.length == KEY_BYTES && Base64.getEncoder().encodeToString(bytes).equals(key);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The value of {@code Sec-WebSocket-Accept} for a request that was checked. */
  public static String accept(Headers headers) {
    return accept(headers.get(KEY).orElseThrow());
  }

  /** The value of {@code Sec-WebSocket-Accept} for this key. RFC 6455 §4.2.2. */
  static String accept(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] hash = sha1.digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }

  /**
   * Whether a page of this origin may open a WebSocket, which a browser leaves to the server to
   * decide. RFC 6455 §10.2. It may if host and port are those of the request, or the origin is
   * among those allowed. What is not a browser sends none, and may.
   *
   * @param allowed such as {@code https://example.com}, compared without regard to case and with
   *     default ports; {@code *} for all, even the origin {@code null}
   */
  public static boolean isOriginAllowed(Headers headers, Set<String> allowed) {
    List<String> origins = headers.all("Origin");
    if (origins.isEmpty()) {
      return true;
    }
    if (origins.size() > 1) {
      return false;
    }
    if (origins.get(0).equals(NULL_ORIGIN)) {
      return allowed.contains(ANY_ORIGIN);
    }
    Origin origin = Origin.parse(origins.get(0));
    return origin != null && (isOfHost(origin, headers) || isAmong(origin, allowed));
  }

  /** By host and port alone: a proxy in front may have taken the TLS away. */
  private static boolean isOfHost(Origin origin, Headers headers) {
    boolean isPage = origin.scheme().equals("http") || origin.scheme().equals("https");
    List<String> hosts = headers.all("Host");
    return isPage
        && !origin.host().isEmpty()
        && hosts.size() == 1
        && origin.equals(Origin.parse(origin.scheme(), hosts.get(0)));
  }

  private static boolean isAmong(Origin origin, Set<String> allowed) {
    for (String each : allowed) {
      if (each.equals(ANY_ORIGIN) || origin.equals(Origin.parse(each))) {
        return true;
      }
    }
    return false;
  }

  /**
   * The first of these subprotocols that the client offers, in exactly these letters; null if there
   * is none. RFC 6455 §4.2.2.
   */
  public static @Nullable String subprotocol(Headers headers, List<String> supported) {
    List<String> offered = new ArrayList<>();
    for (String line : headers.all(PROTOCOL)) {
      for (String each : line.split(",", -1)) {
        offered.add(each.strip());
      }
    }
    for (String each : supported) {
      if (offered.contains(each)) {
        return each;
      }
    }
    return null;
  }
}
