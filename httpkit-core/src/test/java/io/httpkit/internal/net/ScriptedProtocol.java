package io.httpkit.internal.net;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Remembers what it is told, and does with bytes what the test says: by default, takes all. */
final class ScriptedProtocol implements Protocol {
  final List<String> seen = new ArrayList<>();
  final StringBuilder received = new StringBuilder();
  Consumer<ByteBuffer> onBytes = this::take;
  Runnable onOpen = () -> {};
  Runnable onEof = () -> {};
  Runnable onTick = () -> {};
  @Nullable Throwable closeCause;

  /** Takes all bytes. */
  void take(ByteBuffer in) {
    take(in, in.remaining());
  }

  /** Takes so many bytes. */
  String take(ByteBuffer in, int count) {
    byte[] bytes = new byte[count];
    in.get(bytes);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    received.append(text);
    return text;
  }

  /** What is there, without taking it. */
  static String peek(ByteBuffer in) {
    return StandardCharsets.ISO_8859_1.decode(in.duplicate()).toString();
  }

  @Override
  public void onOpen(Connection connection) {
    seen.add("open");
    onOpen.run();
  }

  @Override
  public void onBytes(ByteBuffer in) {
    onBytes.accept(in);
  }

  @Override
  public void onEof() {
    seen.add("eof");
    onEof.run();
  }

  @Override
  public void onTick(long nowNanos) {
    seen.add("tick");
    onTick.run();
  }

  @Override
  public void onShutdown() {
    seen.add("shutdown");
  }

  @Override
  public void onClosed(@Nullable Throwable cause) {
    seen.add("closed");
    closeCause = cause;
  }
}
