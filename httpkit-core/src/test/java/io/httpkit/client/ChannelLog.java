package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.CloseStatus;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what comes over a WebSocket. */
final class ChannelLog implements ChannelListener {
  final BlockingQueue<Object> told = new LinkedBlockingQueue<>();

  @Override
  public void onText(AsyncChannel channel, String text) {
    told.add(text);
  }

  @Override
  public void onBinary(AsyncChannel channel, byte[] bytes) {
    told.add(bytes);
  }

  @Override
  public void onPong(AsyncChannel channel, byte[] payload) {
    told.add("pong " + new String(payload, StandardCharsets.US_ASCII));
  }

  @Override
  public void onClose(AsyncChannel channel, CloseStatus status) {
    told.add(status);
  }

  Object next() throws InterruptedException {
    Object next = told.poll(20, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next == null ? "" : next;
  }

  CloseStatus closed() throws InterruptedException {
    return (CloseStatus) next();
  }
}
