package io.httpkit.internal.codec.socks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** User and password for a proxy. RFC 1929 §2. */
public record SocksLogin(String user, String password) {
  private static final int MAX_BYTES = 255;
  private static final byte VERSION = 1;

  /**
   * @throws IllegalArgumentException if one of them is not 1 to 255 bytes of UTF-8
   */
  public SocksLogin {
    check("user", user);
    check("password", password);
  }

  private static void check(String what, String value) {
    int length = bytes(value).length;
    if (length == 0 || length > MAX_BYTES) {
      throw new IllegalArgumentException(
          what + " for a SOCKS proxy must be 1 to 255 bytes but has " + length);
    }
  }

  private static byte[] bytes(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * What tells the proxy who asks.
   *
   * <pre>
   *   +----+------+----------+------+----------+
   *   |VER | ULEN |  UNAME   | PLEN |  PASSWD  |
   *   +----+------+----------+------+----------+
   * </pre>
   */
  ByteBuffer encode() {
    byte[] userBytes = bytes(user);
    byte[] passwordBytes = bytes(password);
    return ByteBuffer.allocate(3 + userBytes.length + passwordBytes.length)
        .put(VERSION)
        .put((byte) userBytes.length)
        .put(userBytes)
        .put((byte) passwordBytes.length)
        .put(passwordBytes)
        .flip();
  }

  /** Without the password, for a log. */
  @Override
  public String toString() {
    return "SocksLogin[user=" + user + "]";
  }
}
