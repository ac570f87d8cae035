package io.httpkit.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * Answers most requests, and does to the others what servers do: closes before, within and behind
 * the answer, resets, or says nothing for ever. One thread, a fixed order of what happens.
 */
final class RudeServer implements AutoCloseable {
  private static final int BUFFER_BYTES = 4096;
  private static final String BODY = "x".repeat(100);
  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n";
  private static final ByteBuffer ANSWER = bytes(HEAD + "\r\n" + BODY);
  private static final ByteBuffer LAST = bytes(HEAD + "Connection: close\r\n\r\n" + BODY);
  private static final ByteBuffer HALF = bytes(HEAD + "\r\n" + BODY.substring(50));

  private final Selector selector = Selector.open();
  private final ServerSocketChannel listening = ServerSocketChannel.open();
  private final Random random = new Random(4711);
  private final ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES);
  private final Thread thread = new Thread(this::run, "rude-server");

  RudeServer() throws IOException {
    listening.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
    listening.configureBlocking(false);
    listening.register(selector, SelectionKey.OP_ACCEPT);
    thread.start();
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)).asReadOnlyBuffer();
  }

  String url() throws IOException {
    return "http://127.0.0.1:" + ((InetSocketAddress) listening.getLocalAddress()).getPort() + "/";
  }

  private void run() {
    try {
      while (selector.isOpen()) {
        selector.select(this::ready);
      }
    } catch (IOException | RuntimeException e) {
      // closed
    }
  }

  private void ready(SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        SocketChannel channel = listening.accept();
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
      } else {
        serve((SocketChannel) key.channel());
      }
    } catch (IOException e) {
      key.cancel();
    }
  }

  /** A request is so short that it comes in one piece. */
  private void serve(SocketChannel channel) throws IOException {
    int read;
    try {
      read = channel.read(in.clear());
    } catch (IOException e) {
      read = -1;
    }
    int dice = read < 0 ? 0 : random.nextInt(100);
    if (dice < 2) {
      channel.close();
    } else if (dice < 4) {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0).close();
    } else if (dice < 7) {
      channel.write(HALF.duplicate());
      channel.close();
    } else if (dice < 10) {
      channel.write(LAST.duplicate());
      channel.close();
    } else if (dice >= 13) {
      channel.write(ANSWER.duplicate());
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
