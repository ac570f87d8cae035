package io.httpkit.internal.channel;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.CloseStatus;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A listener some of whose methods have been replaced by single actions, each once. */
final class Callbacks implements ChannelListener {
  private final ChannelListener others;

  // Volatile: set by one thread and called by another
  private volatile @Nullable Consumer<Object> onReceive;
  private volatile @Nullable Consumer<byte[]> onPing;
  private volatile @Nullable Consumer<byte[]> onPong;
  private volatile @Nullable Consumer<CloseStatus> onClose;
  private volatile @Nullable Runnable onDrain;

  Callbacks(ChannelListener others) {
    this.others = others;
  }

  private static <T> T once(String name, @Nullable T before, T action) {
    if (before != null) {
      throw new IllegalStateException(name + " of this channel is set already");
    }
    return action;
  }

  synchronized void receive(Consumer<Object> action) {
    onReceive = once("onReceive", onReceive, action);
  }

  synchronized void ping(Consumer<byte[]> action) {
    onPing = once("onPing", onPing, action);
  }

  synchronized void pong(Consumer<byte[]> action) {
    onPong = once("onPong", onPong, action);
  }

  void close(Consumer<CloseStatus> action) {
    onClose = action;
  }

  synchronized void drain(Runnable action) {
    onDrain = once("onDrain", onDrain, action);
  }

  @Override
  public void onInit(AsyncChannel channel) throws Exception {
    others.onInit(channel);
  }

  @Override
  public void onOpen(AsyncChannel channel) throws Exception {
    others.onOpen(channel);
  }

  @Override
  public void onText(AsyncChannel channel, String text) throws Exception {
    Consumer<Object> action = onReceive;
    if (action != null) {
      action.accept(text);
    } else {
      others.onText(channel, text);
    }
  }

  @Override
  public void onBinary(AsyncChannel channel, byte[] bytes) throws Exception {
    Consumer<Object> action = onReceive;
    if (action != null) {
      action.accept(bytes);
    } else {
      others.onBinary(channel, bytes);
    }
  }

  @Override
  public void onPart(AsyncChannel channel, ByteBuffer bytes, boolean isText, boolean isLast)
      throws Exception {
    others.onPart(channel, bytes, isText, isLast);
  }

  @Override
  public void onPing(AsyncChannel channel, byte[] payload) throws Exception {
    Consumer<byte[]> action = onPing;
    if (action != null) {
      action.accept(payload);
    } else {
      others.onPing(channel, payload);
    }
  }

  @Override
  public void onPong(AsyncChannel channel, byte[] payload) throws Exception {
    Consumer<byte[]> action = onPong;
    if (action != null) {
      action.accept(payload);
    } else {
      others.onPong(channel, payload);
    }
  }

  @Override
  public void onDrain(AsyncChannel channel) throws Exception {
    Runnable action = onDrain;
    if (action != null) {
      action.run();
    } else {
      others.onDrain(channel);
    }
  }

  @Override
  public void onClose(AsyncChannel channel, CloseStatus status) throws Exception {
    Consumer<CloseStatus> action = onClose;
    if (action != null) {
      action.accept(status);
    } else {
      others.onClose(channel, status);
    }
  }

  @Override
  public void onError(AsyncChannel channel, Throwable error) {
    others.onError(channel, error);
  }

  @Override
  public boolean isNonBlocking() {
    return others.isNonBlocking();
  }
}
