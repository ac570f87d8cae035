package io.httpkit.server;

import io.httpkit.http.Headers;
import io.httpkit.server.ScriptedPeer.Reply;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** A client over the JDK's own TLS sockets. Nothing it reads takes longer than 20 s. */
final class HttpsPeer implements AutoCloseable {
  private static final int BOUND_MILLIS = 20_000;

  private final Socket plain;
  private final SSLSocket socket;
  private final InputStream in;

  private HttpsPeer(Socket plain, SSLSocket socket) throws IOException {
    this.plain = plain;
    this.socket = socket;
    this.in = socket.getInputStream();
  }

  static HttpsPeer connect(HttpServer server, SSLContext context, String... protocols)
      throws IOException {
    return connect(
        server,
        context,
        parameters -> {
          if (protocols.length > 0) {
            parameters.setProtocols(protocols);
          }
        });
  }

  static HttpsPeer connect(HttpServer server, SSLContext context, Consumer<SSLParameters> options)
      throws IOException {
    return connect(server, context, 0, options);
  }

  /**
   * Connects, without shaking hands yet.
   *
   * @param receiveBuffer bytes that the system keeps for it; 0 for as many as it likes
   */
  static HttpsPeer connect(
      HttpServer server, SSLContext context, int receiveBuffer, Consumer<SSLParameters> options)
      throws IOException {
    Socket plain = new Socket();
    if (receiveBuffer > 0) {
      plain.setReceiveBufferSize(receiveBuffer);
    }
    plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    plain.setSoTimeout(BOUND_MILLIS);
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(plain, "localhost", server.port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    options.accept(parameters);
    socket.setSSLParameters(parameters);
    return new HttpsPeer(plain, socket);
  }

  HttpsPeer shakeHands() throws IOException {
    socket.startHandshake();
    return this;
  }

  SSLSession session() {
    return socket.getSession();
  }

  String applicationProtocol() {
    return socket.getApplicationProtocol();
  }

  HttpsPeer send(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  HttpsPeer send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** A request without a body, and its response. */
  Reply get(String path) throws IOException {
    return send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").read();
  }

  /** Sends nothing more, and says so. */
  HttpsPeer halfClose() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** Sends these bytes as they are, and not within a record. */
  void sendPlain(byte[] bytes) throws IOException {
    plain.getOutputStream().write(bytes);
  }

  /** Ends the connection beneath, without saying so. */
  void truncate() throws IOException {
    plain.shutdownOutput();
  }

  void reset() throws IOException {
    plain.setSoLinger(true, 0);
    plain.close();
  }

  /** What one read gives, so what was in one record. */
  String readOnce() throws IOException {
    byte[] bytes = new byte[64 * 1024];
    int count = in.read(bytes);
    return count < 0 ? "" : new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
  }

  byte[] readBytes(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("only " + bytes.length + " bytes");
    }
    return bytes;
  }

  /** All until the server says that it ends; fails if it does not say so. */
  String readToEnd() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** One response with a length. */
  Reply read() throws IOException {
    String statusLine = line();
    List<String> fields = new ArrayList<>();
    int length = 0;
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      String value = line.substring(colon + 1).strip();
      fields.add(line.substring(0, colon));
      fields.add(value);
      if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
        length = Integer.parseInt(value);
      }
    }
    return new Reply(statusLine, Headers.of(fields.toArray(String[]::new)), readBytes(length));
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    int next = in.read();
    while (next != '\n') {
      if (next < 0) {
        throw new EOFException("within a line: " + line);
      }
      if (next != '\r') {
        line.append((char) next);
      }
      next = in.read();
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
