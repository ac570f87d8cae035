package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.CloseStatus;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A listener that writes down what it is told, for a test to wait for. */
class WebSocketLog implements ChannelListener {
  static final long BOUND_SECONDS = 20;
  private static final int SHORT = 64;

  private final LinkedBlockingQueue<String> entries = new LinkedBlockingQueue<>();
  private final CompletableFuture<AsyncChannel> opened = new CompletableFuture<>();

  /** Sends all messages back. */
  static class Echo extends WebSocketLog {
    @Override
    public void onText(AsyncChannel channel, String text) {
      channel.send(text);
    }

    @Override
    public void onBinary(AsyncChannel channel, byte[] bytes) {
      channel.send(bytes);
    }
  }

  final void add(String entry) {
    entries.add(entry);
  }

  /** What the listener was told next. */
  final String next() throws InterruptedException {
    String next = entries.poll(BOUND_SECONDS, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("the listener is told nothing");
    }
    return next;
  }

  /** What the listener is told next, if it is within this time. */
  final @Nullable String nextWithin(long millis) throws InterruptedException {
    return entries.poll(millis, TimeUnit.MILLISECONDS);
  }

  final void expect(String... expected) throws InterruptedException {
    for (String each : expected) {
      assertThat(next()).isEqualTo(each);
    }
  }

  final void expectNoMore() {
    assertThat(entries).isEmpty();
  }

  /** The channel, when it is open. */
  final AsyncChannel channel() throws Exception {
    return opened.get(BOUND_SECONDS, TimeUnit.SECONDS);
  }

  static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String shortly(String text) {
    return text.length() <= SHORT ? text : "of " + text.length();
  }

  @Override
  public void onOpen(AsyncChannel channel) throws Exception {
    add("open");
    opened.complete(channel);
  }

  @Override
  public void onText(AsyncChannel channel, String text) throws Exception {
    add("text " + shortly(text));
  }

  @Override
  public void onBinary(AsyncChannel channel, byte[] bytes) throws Exception {
    add("binary of " + bytes.length);
  }

  @Override
  public void onPing(AsyncChannel channel, byte[] payload) {
    add("ping " + new String(payload, StandardCharsets.UTF_8));
  }

  @Override
  public void onPong(AsyncChannel channel, byte[] payload) {
    add("pong " + new String(payload, StandardCharsets.UTF_8));
  }

  @Override
  public void onDrain(AsyncChannel channel) throws Exception {
    add("drain");
  }

  @Override
  public void onClose(AsyncChannel channel, CloseStatus status) throws Exception {
    add("close " + status);
  }

  @Override
  public void onError(AsyncChannel channel, Throwable error) {
    add("error " + error.getMessage());
  }
}
