package io.httpkit.client;

import io.httpkit.client.ScriptedServer.Peer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A connection of a proxy that speaks TLS, up to the tunnel and what is in it. */
final class SecureTunnel implements AutoCloseable {
  private final Peer peer;
  private final SSLSocket tls;

  private SecureTunnel(Peer peer, SSLSocket tls) {
    this.peer = peer;
    this.tls = tls;
  }

  /** The connection that comes next, of which nothing is read yet. */
  static SecureTunnel accept(ScriptedServer proxy, SSLContext identity, String... protocols)
      throws IOException {
    Peer peer = proxy.accept();
    return new SecureTunnel(peer, layer(peer.socket(), identity, protocols));
  }

  /** The server's end of TLS over this socket, which may speak TLS itself. */
  static SSLSocket layer(Socket under, SSLContext identity, String... protocols)
      throws IOException {
    SSLSocket layer = (SSLSocket) identity.getSocketFactory().createSocket(under, null, false);
    layer.setUseClientMode(false);
    SSLParameters parameters = layer.getSSLParameters();
    if (protocols.length > 0) {
      parameters.setProtocols(protocols);
    }
    // chosen if the client offers it
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    layer.setSSLParameters(parameters);
    return layer;
  }

  /** The head that comes next. */
  static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("ended behind: " + head.toString(StandardCharsets.ISO_8859_1));
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Its socket below TLS. */
  Peer peer() {
    return peer;
  }

  SSLSocket tls() {
    return tls;
  }

  /** What the client asks of the proxy. */
  String asked() throws IOException {
    return head(tls.getInputStream());
  }

  SecureTunnel answer(String head) throws IOException {
    send(tls.getOutputStream(), head + "\r\n\r\n");
    return this;
  }

  SecureTunnel agree() throws IOException {
    return answer("HTTP/1.1 200 Connection established");
  }

  /** Carries on from here to a server on a port of 127.0.0.1. */
  Relay relay(int port) throws IOException {
    return relay(port, Relay.PIECE_BYTES);
  }

  Relay relay(int port, int pieceBytes) throws IOException {
    return Relay.between(tls, port, Long.MAX_VALUE, pieceBytes);
  }

  @Override
  public void close() throws IOException {
    tls.close();
    peer.close();
  }
}
