package io.httpkit.sample;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A WebSocket to the running application. To be used by one thread. */
final class SocketClient implements WebSocket.Listener, AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final StringBuilder text = new StringBuilder();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final WebSocket socket;

  SocketClient(int port, String path) {
    URI uri = URI.create("ws://localhost:" + port + path);
    socket = Client.join(HTTP.newWebSocketBuilder().buildAsync(uri, this));
  }

  void send(String message) {
    Client.join(socket.sendText(message, true));
  }

  void send(byte[] message) {
    Client.join(socket.sendBinary(ByteBuffer.wrap(message), true));
  }

  String nextText() {
    return (String) next();
  }

  byte[] nextBinary() {
    return (byte[]) next();
  }

  private Object next() {
    try {
      Object message = received.poll(Client.LIMIT.toSeconds(), TimeUnit.SECONDS);
      if (message == null) {
        throw new AssertionError("no message in " + Client.LIMIT);
      }
      return message;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The code with which the server closes. */
  int closeCode() {
    return Client.join(closed);
  }

  @Override
  public void close() {
    Client.join(socket.sendClose(WebSocket.NORMAL_CLOSURE, "").exceptionally(e -> socket));
    closeCode();
  }

  // ---- what has come

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      received.add(text.toString());
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer part, boolean last) {
    byte[] copy = new byte[part.remaining()];
    part.get(copy);
    bytes.writeBytes(copy);
    if (last) {
      received.add(bytes.toByteArray());
      bytes.reset();
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closed.complete(code);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closed.completeExceptionally(error);
  }
}
