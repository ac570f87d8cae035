package io.httpkit.spring.boot.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection to a server on this machine, for what a client would not send. */
public final class RawConnection implements AutoCloseable {
  private final Socket socket;
  private final BufferedReader reader;

  /** Connects. */
  public RawConnection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) Http.LIMIT.toMillis());
    reader =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
  }

  /** Sends this as it is, each character a byte. */
  public RawConnection sendBytes(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** Sends these lines and an empty one. */
  public RawConnection send(String... lines) throws IOException {
    return sendBytes(String.join("\r\n", lines) + "\r\n\r\n");
  }

  /** The next line that comes. */
  public String line() throws IOException {
    return reader.readLine();
  }

  /** All that comes until the server closes the connection. */
  public String all() throws IOException {
    StringBuilder all = new StringBuilder();
    for (int c = reader.read(); c >= 0; c = reader.read()) {
      all.append((char) c);
    }
    return all.toString();
  }

  /** Closes the connection so that the server notices at once. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
