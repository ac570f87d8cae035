package io.httpkit.internal.codec.http1;

import java.nio.charset.StandardCharsets;

/**
 * The lines that a server adds to each response unless the application sets them, ready to copy.
 */
public final class DefaultFields {
  private static final byte[] NOTHING = {};

  private final byte[] date;
  private final byte[] server;
  private final byte[] both;

  /**
   * @param date the value of {@code Date}, RFC 9110 §6.6.1; empty for none
   * @param server the value of {@code Server}; empty for none
   */
  public DefaultFields(String date, String server) {
    String dateLine = date.isEmpty() ? "" : "Date: " + date + "\r\n";
    String serverLine = server.isEmpty() ? "" : "Server: " + server + "\r\n";
    this.date = dateLine.getBytes(StandardCharsets.ISO_8859_1);
    this.server = serverLine.getBytes(StandardCharsets.ISO_8859_1);
    this.both = (serverLine + dateLine).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The most bytes there are. */
  public int maxBytes() {
    return both.length;
  }

  byte[] without(boolean dated, boolean named) {
    if (dated) {
      return named ? NOTHING : server;
    }
    return named ? date : both;
  }
}
