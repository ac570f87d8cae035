package io.httpkit.client;

import io.httpkit.client.ScriptedServer.Peer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;

/**
 * What a proxy becomes once it has agreed: carries bytes both ways between a client and a server,
 * until both are at their end, or it is cut.
 */
final class Relay implements AutoCloseable {
  static final int PIECE_BYTES = 8192;

  private static final long BOUND_MILLIS = 20_000;

  private final Socket client;
  private final Socket server;
  private final Thread there;
  private final Thread back;

  private Relay(Socket client, Socket server, long backBytes, int pieceBytes) {
    this.client = client;
    this.server = server;
    this.there = new Thread(() -> copy(client, server, Long.MAX_VALUE, pieceBytes), "relay-there");
    this.back = new Thread(() -> copy(server, client, backBytes, pieceBytes), "relay-back");
  }

  /** Carries on from here between this peer and a server on a port of 127.0.0.1. */
  static Relay between(Peer peer, int port) throws IOException {
    return between(peer, port, Long.MAX_VALUE);
  }

  /**
   * As {@link #between(Peer, int)}, but breaks off in the middle.
   *
   * @param backBytes what is still carried to the client
   */
  static Relay between(Peer peer, int port, long backBytes) throws IOException {
    return between(peer.socket(), port, backBytes, PIECE_BYTES);
  }

  /**
   * As {@link #between(Peer, int, long)}, also over a layer of the socket.
   *
   * @param pieceBytes what is carried at once, at most
   */
  static Relay between(Socket client, int port, long backBytes, int pieceBytes) throws IOException {
    Socket server = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    server.setTcpNoDelay(true);
    Relay relay = new Relay(client, server, backBytes, pieceBytes);
    relay.there.start();
    relay.back.start();
    return relay;
  }

  private static void copy(Socket from, Socket to, long bytes, int pieceBytes) {
    byte[] buffer = new byte[pieceBytes];
    long left = bytes;
    try {
      int read = 0;
      while (read >= 0 && left > 0) {
        to.getOutputStream().write(buffer, 0, read);
        left -= read;
        read = from.getInputStream().read(buffer, 0, (int) Math.min(left, buffer.length));
      }
      to.shutdownOutput();
    } catch (IOException e) {
      // one end is gone, and the other sees it soon
    }
  }

  /** Breaks off: the client sees the end of the connection. */
  void cut() throws IOException {
    client.close();
    server.close();
  }

  /** Breaks off: the client sees a reset. */
  void reset() throws IOException {
    client.setOption(StandardSocketOptions.SO_LINGER, 0);
    cut();
  }

  /** Ends, and waits until nothing is carried any more. */
  @Override
  public void close() throws IOException {
    cut();
    try {
      there.join(BOUND_MILLIS);
      back.join(BOUND_MILLIS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
