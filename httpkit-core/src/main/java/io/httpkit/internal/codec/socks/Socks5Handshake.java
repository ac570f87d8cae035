package io.httpkit.internal.codec.socks;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Status;
import io.httpkit.internal.codec.socks.SocksEvent.Connected;
import io.httpkit.internal.codec.socks.SocksEvent.Refused;
import io.httpkit.internal.codec.socks.SocksEvent.Send;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Asks a SOCKS5 proxy for one connection. RFC 1928, with user and password by RFC 1929. Send the
 * {@link #greeting}, and then what each event brings.
 *
 * <pre>
 *   METHOD ─┬──────────▶ REPLY ─▶ ENDED
 *           └─▶ LOGIN ─▶   │       ▲
 *                 └────────┴───────┘ refused
 * </pre>
 *
 * <p>However the bytes are split, the events are the same. Bytes of an incomplete answer are left
 * in the buffer and have to be offered again; those behind the last answer are left for who comes
 * next.
 */
public final class Socks5Handshake {
  private enum State {
    /** The proxy chooses how to authenticate. */
    METHOD,
    /** It judges user and password. */
    LOGIN,
    /** It connects. */
    REPLY,
    /** It is connected, or has refused. */
    ENDED
  }

  private static final byte VERSION = 5;
  private static final byte LOGIN_VERSION = 1;
  private static final byte CONNECT = 1;
  private static final byte NO_AUTHENTICATION = 0;
  private static final byte USER_AND_PASSWORD = 2;
  private static final int NO_METHOD = 0xff;
  private static final int MAX_PORT = 65535;
  private static final int MAX_NAME = 255;

  // Kinds of addresses. RFC 1928 §5.
  private static final int IPV4 = 1;
  private static final int NAME = 3;
  private static final int IPV6 = 4;
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;

  private final ByteBuffer connect;
  private final @Nullable SocksLogin login;
  private State state = State.METHOD;

  /**
   * @param host a name in ASCII, which the proxy resolves; not sent if there is an address
   * @param address the four or sixteen bytes of the host if it is an address, else null
   * @param login null if the proxy is not to be told a user
   * @throws IllegalArgumentException if host or port cannot be
   */
  public Socks5Handshake(
      String host, byte @Nullable [] address, int port, @Nullable SocksLogin login) {
    if (port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException("port must be 1 to 65535 but was " + port);
    }
    this.connect = connect(host, address, port);
    this.login = login;
  }

  /** {@code VER CMD RSV ATYP DST.ADDR DST.PORT}. RFC 1928 §4. */
  private static ByteBuffer connect(String host, byte @Nullable [] address, int port) {
    byte[] bytes = address == null ? name(host) : address;
    ByteBuffer request = ByteBuffer.allocate(7 + bytes.length);
    request.put(VERSION).put(CONNECT).put((byte) 0);
    if (address == null) {
      request.put((byte) NAME).put((byte) bytes.length);
    } else {
      request.put((byte) (address.length == IPV4_BYTES ? IPV4 : IPV6));
    }
    return request.put(bytes).putShort((short) port).flip();
  }

  private static byte[] name(String host) {
    for (int i = 0; i < host.length(); i++) {
      if (host.charAt(i) <= ' ' || host.charAt(i) > '~') {
        throw new IllegalArgumentException("host must be visible ASCII, but is not at " + i);
      }
    }
    if (host.isEmpty() || host.length() > MAX_NAME) {
      throw new IllegalArgumentException(
          "host must be 1 to 255 characters but has " + host.length());
    }
    return host.getBytes(StandardCharsets.US_ASCII);
  }

  /** What is sent first: the ways to authenticate. RFC 1928 §3. */
  public ByteBuffer greeting() {
    byte[] methods =
        login == null
            ? new byte[] {VERSION, 1, NO_AUTHENTICATION}
            : new byte[] {VERSION, 2, NO_AUTHENTICATION, USER_AND_PASSWORD};
    return ByteBuffer.wrap(methods);
  }

  /**
   * The next event, or null when {@code in} does not complete one.
   *
   * @throws BadMessageException with 502 if it is not SOCKS5 that comes
   * @throws IllegalStateException behind {@link Connected} and {@link Refused}
   */
  public @Nullable SocksEvent next(ByteBuffer in) {
    if (state == State.ENDED) {
      throw new IllegalStateException("the handshake has ended");
    }
    if (in.remaining() < 2) {
      return firstByte(in, state == State.LOGIN ? LOGIN_VERSION : VERSION);
    }
    if (state == State.METHOD) {
      return method(in);
    }
    return state == State.LOGIN ? login(in) : reply(in);
  }

  /** Refuses what is wrong from the first byte on. */
  private static @Nullable SocksEvent firstByte(ByteBuffer in, byte version) {
    if (in.hasRemaining()) {
      checkVersion(in, version);
    }
    return null;
  }

  private static void checkVersion(ByteBuffer in, byte version) {
    if (in.get(in.position()) != version) {
      throw bad("the proxy does not speak SOCKS5");
    }
  }

  private static BadMessageException bad(String message) {
    return new BadMessageException(Status.BAD_GATEWAY, message);
  }

  /** {@code VER METHOD}. RFC 1928 §3. */
  private SocksEvent method(ByteBuffer in) {
    checkVersion(in, VERSION);
    int method = secondOfTwo(in);
    if (method == NO_METHOD) {
      return refused(login == null ? "it wants a user and a password" : "it wants another login");
    }
    if (method == NO_AUTHENTICATION) {
      state = State.REPLY;
      return new Send(connect);
    }
    if (method != USER_AND_PASSWORD || login == null) {
      throw bad("the proxy chose a way to authenticate that was not offered");
    }
    state = State.LOGIN;
    return new Send(login.encode());
  }

  private static int secondOfTwo(ByteBuffer in) {
    in.get();
    return in.get() & 0xff;
  }

  /** {@code VER STATUS}. RFC 1929 §2. */
  private SocksEvent login(ByteBuffer in) {
    checkVersion(in, LOGIN_VERSION);
    if (secondOfTwo(in) != 0) {
      return refused("user or password is wrong");
    }
    state = State.REPLY;
    return new Send(connect);
  }

  /** {@code VER REP RSV ATYP BND.ADDR BND.PORT}. RFC 1928 §6. */
  private @Nullable SocksEvent reply(ByteBuffer in) {
    checkVersion(in, VERSION);
    int code = in.get(in.position() + 1) & 0xff;
    if (code != 0) {
      return refused(reason(code));
    }
    if (in.remaining() < 5) {
      return null;
    }
    int length = 4 + addressBytes(in) + 2;
    if (in.remaining() < length) {
      return null;
    }
    in.position(in.position() + length);
    state = State.ENDED;
    return new Connected();
  }

  /** The bytes of the address behind its kind. */
  private static int addressBytes(ByteBuffer in) {
    return switch (in.get(in.position() + 3)) {
      case IPV4 -> IPV4_BYTES;
      case NAME -> 1 + (in.get(in.position() + 4) & 0xff);
      case IPV6 -> IPV6_BYTES;
      default -> throw bad("the proxy sent an address of an unknown kind");
    };
  }

  private SocksEvent refused(String reason) {
    state = State.ENDED;
    return new Refused(reason);
  }

  private static String reason(int code) {
    return switch (code) {
      case 1 -> "general failure";
      case 2 -> "connection not allowed by its rules";
      case 3 -> "network unreachable";
      case 4 -> "host unreachable";
      case 5 -> "connection refused";
      case 6 -> "time to live expired";
      case 7 -> "command not supported";
      case 8 -> "kind of address not supported";
      default -> "unknown reason " + code;
    };
  }
}
