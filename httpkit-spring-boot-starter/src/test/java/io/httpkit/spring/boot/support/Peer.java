package io.httpkit.spring.boot.support;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;

/** A server on this machine, byte by byte. Connections to it wait until they are accepted. */
public final class Peer implements Closeable {
  private final ServerSocket listener;

  /** Listens on a free port. */
  public Peer() {
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      listener.setSoTimeout((int) Http.LIMIT.toMillis());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The port listened on. */
  public int port() {
    return listener.getLocalPort();
  }

  /** The next connection. */
  public Wire accept() throws IOException {
    return new Wire(listener.accept());
  }

  /** Answers the next connection on another thread; completes with the head it sent. */
  public CompletableFuture<String> answer(String response) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (Wire wire = accept()) {
            String head = wire.head();
            wire.send(response);
            return head;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
