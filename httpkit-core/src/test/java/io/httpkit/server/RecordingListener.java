package io.httpkit.server;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.CloseStatus;
import io.httpkit.http.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Keeps what happens to channels over HTTP, so that a test can wait for it. */
class RecordingListener implements ChannelListener {
  /** Does something with a channel. */
  @FunctionalInterface
  interface Action {
    void accept(AsyncChannel channel) throws Exception;
  }

  private static final Duration BOUND = Duration.ofSeconds(20);

  /** All calls, in order. */
  final BlockingQueue<String> calls = new LinkedBlockingQueue<>();

  private final BlockingQueue<AsyncChannel> opened = new LinkedBlockingQueue<>();
  private final BlockingQueue<CloseStatus> closed = new LinkedBlockingQueue<>();
  private final BlockingQueue<AsyncChannel> drained = new LinkedBlockingQueue<>();
  private final BlockingQueue<Throwable> errors = new LinkedBlockingQueue<>();
  private final AtomicReference<Action> whenOpen;

  RecordingListener() {
    this(channel -> {});
  }

  RecordingListener(Action whenOpen) {
    this.whenOpen = new AtomicReference<>(whenOpen);
  }

  /** The status line and the headers of the answer that comes, not its body. */
  static Headers readHead(ScriptedPeer peer) throws IOException {
    Headers.Builder head = Headers.builder().add("Status-Line", peer.line());
    for (String line = peer.line(); !line.isEmpty(); line = peer.line()) {
      int colon = line.indexOf(": ");
      head.add(line.substring(0, colon), line.substring(colon + 2));
    }
    return head.build();
  }

  void whenOpen(Action action) {
    whenOpen.set(action);
  }

  /** The next channel that is opened. */
  AsyncChannel awaitOpen() throws InterruptedException {
    return await(opened, "an open channel");
  }

  /** Why the next channel is closed. */
  CloseStatus awaitClose() throws InterruptedException {
    return await(closed, "a closed channel");
  }

  void awaitDrain() throws InterruptedException {
    await(drained, "a drained channel");
  }

  Throwable awaitError() throws InterruptedException {
    return await(errors, "an error");
  }

  boolean isClosed() {
    return !closed.isEmpty();
  }

  static <T> T await(BlockingQueue<T> queue, String what) throws InterruptedException {
    T next = queue.poll(BOUND.toSeconds(), TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("waited for " + what + " for " + BOUND);
    }
    return next;
  }

  @Override
  public void onInit(AsyncChannel channel) {
    calls.add("init");
  }

  @Override
  public void onOpen(AsyncChannel channel) throws Exception {
    calls.add("open");
    opened.add(channel);
    whenOpen.get().accept(channel);
  }

  @Override
  public void onDrain(AsyncChannel channel) {
    calls.add("drain");
    drained.add(channel);
  }

  @Override
  public void onClose(AsyncChannel channel, CloseStatus status) {
    calls.add("close " + status.kind());
    closed.add(status);
  }

  @Override
  public void onError(AsyncChannel channel, Throwable error) {
    calls.add("error " + error.getMessage());
    errors.add(error);
  }
}
