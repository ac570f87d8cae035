package io.httpkit.channel;

/**
 * Why a channel was closed.
 *
 * <p>Of a WebSocket each end has its own view. The end whose application closed it sees {@link
 * Kind#SERVER_CLOSE} if it is the server, {@link Kind#CLIENT_CLOSE} if it is the client, with the
 * code that it gave. The other end sees the kind of that code, such as {@link Kind#NORMAL}: what it
 * was told.
 *
 * @param kind what it means
 * @param code the close code, RFC 6455 §7.4; of HTTP also 0 if the server closed it and -1 if the
 *     client did
 * @param reason for people; often empty
 */
public record CloseStatus(Kind kind, int code, String reason) {
  /** What the end of a channel means. */
  public enum Kind {
    /** At a server: {@link AsyncChannel#close} was called, or the last of a response was sent. */
    SERVER_CLOSE(0),
    /**
     * At a server: the client of an HTTP channel is gone. At a client: {@link AsyncChannel#close}
     * was called.
     */
    CLIENT_CLOSE(-1),
    NORMAL(1000),
    /** An end goes away: the server or the client stops, or the browser leaves the page. */
    GOING_AWAY(1001),
    PROTOCOL_ERROR(1002),
    /** A kind of data that is not taken. */
    UNSUPPORTED(1003),
    /** The peer closed without saying why. */
    NO_STATUS_RECEIVED(1005),
    /** The connection of a WebSocket was lost without a word. */
    ABNORMAL(1006),
    /** Text that is not UTF-8. */
    INVALID_PAYLOAD_DATA(1007),
    POLICY_VIOLATION(1008),
    MESSAGE_TOO_BIG(1009),
    MANDATORY_EXTENSION(1010),
    INTERNAL_SERVER_ERROR(1011),
    /** Too much to do, or too slow a reader. */
    TRY_AGAIN_LATER(1013),
    TLS_HANDSHAKE(1015),
    /** A code that is none of these, such as those of applications. */
    UNKNOWN(Integer.MIN_VALUE);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** The code of this kind; {@link Integer#MIN_VALUE} for {@link #UNKNOWN}. */
    public int code() {
      return code;
    }

    private static Kind of(int code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      return UNKNOWN;
    }
  }

  /** With the kind of the code. */
  public static CloseStatus of(int code, String reason) {
    return new CloseStatus(Kind.of(code), code, reason);
  }

  /** With the code of the kind. */
  public static CloseStatus of(Kind kind, String reason) {
    return new CloseStatus(kind, kind.code(), reason);
  }

  /** For logs: what the peer may have put into the reason to break them is not in it. */
  @Override
  public String toString() {
    return kind + " " + code + (reason.isEmpty() ? "" : " " + reason.replaceAll("\\p{Cntrl}", "?"));
  }
}
