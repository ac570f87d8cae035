package io.httpkit.channel;

import io.httpkit.http.ResponseMessage;
import java.io.InputStream;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A channel to nowhere, that remembers what it is sent. Any thread. */
final class FakeChannel implements AsyncChannel {
  enum Kind {
    RESPONSE,
    EVENTS,
    WEB_SOCKET
  }

  /** What was sent by which method. */
  record Sent(String method, Object data, boolean closeAfterSend) {}

  final Queue<Sent> sent = new ConcurrentLinkedQueue<>();
  final List<CloseListener> closeListeners = new CopyOnWriteArrayList<>();

  private final Kind kind;
  private volatile @Nullable CloseStatus status;

  /** Done first when a close listener is added, as another thread may do it then. */
  volatile Runnable beforeListening = () -> {};

  /** Thrown when something is sent. */
  volatile @Nullable RuntimeException refusal;

  FakeChannel(Kind kind) {
    this.kind = kind;
  }

  @Nullable CloseStatus status() {
    return status;
  }

  @Override
  public boolean isOpen() {
    return status == null;
  }

  @Override
  public boolean isWebSocket() {
    return kind == Kind.WEB_SOCKET;
  }

  @Override
  public boolean isEventStream() {
    return kind == Kind.EVENTS;
  }

  @Override
  public Optional<String> subprotocol() {
    return Optional.empty();
  }

  @Override
  public @Nullable SocketAddress remoteAddress() {
    return null;
  }

  private boolean record(String method, Object data, boolean closeAfterSend) {
    if (!isOpen()) {
      return false;
    }
    RuntimeException refused = refusal;
    if (refused != null) {
      throw refused;
    }
    sent.add(new Sent(method, data, closeAfterSend));
    if (closeAfterSend) {
      close();
    }
    return true;
  }

  @Override
  public boolean send(String text, boolean closeAfterSend) {
    return record("text", text, closeAfterSend);
  }

  @Override
  public boolean send(ByteBuffer bytes, boolean closeAfterSend) {
    return record("bytes", bytes, closeAfterSend);
  }

  @Override
  public boolean send(InputStream stream, boolean closeAfterSend) {
    return record("stream", stream, closeAfterSend);
  }

  @Override
  public boolean send(Path file, boolean closeAfterSend) {
    return record("file", file, closeAfterSend);
  }

  @Override
  public boolean send(ServerSentEvent event, boolean closeAfterSend) {
    return record("event", event, closeAfterSend);
  }

  @Override
  public boolean send(ResponseMessage response, boolean closeAfterSend) {
    return record("response", response, closeAfterSend);
  }

  @Override
  public boolean send(SharedMessage message, boolean closeAfterSend) {
    return record("shared", message, closeAfterSend);
  }

  @Override
  public boolean ping(byte[] payload) {
    return record("ping", payload, false);
  }

  @Override
  public boolean pong(byte[] payload) {
    return record("pong", payload, false);
  }

  @Override
  public CompletionStage<Void> flushed() {
    return CompletableFuture.allOf();
  }

  @Override
  public long queuedBytes() {
    return 0;
  }

  @Override
  public boolean isWritable() {
    return isOpen();
  }

  @Override
  public void onDrain(Runnable action) {}

  @Override
  public boolean close(int code, String reason) {
    CloseStatus closed = CloseStatus.of(code, reason);
    Optional<List<CloseListener>> told = end(closed);
    told.ifPresent(all -> all.forEach(listener -> listener.onClosed(this, closed)));
    return told.isPresent();
  }

  /** The listeners to tell, if it is the first time. */
  private synchronized Optional<List<CloseListener>> end(CloseStatus closed) {
    if (status != null) {
      return Optional.empty();
    }
    status = closed;
    List<CloseListener> told = new ArrayList<>(closeListeners);
    closeListeners.clear();
    return Optional.of(told);
  }

  @Override
  public void addCloseListener(CloseListener listener) {
    beforeListening.run();
    CloseStatus closed = addUnlessClosed(listener);
    if (closed != null) {
      listener.onClosed(this, closed);
    }
  }

  private synchronized @Nullable CloseStatus addUnlessClosed(CloseListener listener) {
    if (status == null) {
      closeListeners.add(listener);
    }
    return status;
  }

  @Override
  public synchronized void removeCloseListener(CloseListener listener) {
    closeListeners.remove(listener);
  }

  @Override
  public void onReceive(Consumer<Object> action) {}

  @Override
  public void onPing(Consumer<byte[]> action) {}

  @Override
  public void onPong(Consumer<byte[]> action) {}

  @Override
  public void onClose(Consumer<CloseStatus> action) {}
}
