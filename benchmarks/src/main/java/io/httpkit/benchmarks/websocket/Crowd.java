package io.httpkit.benchmarks.websocket;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Many WebSockets to one server. They are all handled by the thread that calls: nothing happens
 * between calls. A WebSocket that fails is an error, which is counted; the others go on.
 */
public final class Crowd implements Closeable {
  /** How many connections are made at once: fewer than wait to be accepted. */
  private static final int AT_ONCE = 128;

  private static final long OPEN_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long LEAVE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int READ_BYTES = 64 * 1024;

  private final InetSocketAddress server;
  private final String path;
  private final boolean deflates;
  private final ClientListener listener;
  private final Selector selector;
  private final byte[] in = new byte[READ_BYTES];
  private final List<Client> clients = new ArrayList<>();

  /** Those whose connection has ended, for whatever reason. */
  private int gone;

  private int open;
  private int errors;
  private @Nullable String firstError;

  /**
   * Nobody yet; see {@link #open}.
   *
   * @param deflates whether to ask for {@code permessage-deflate} without context takeover
   */
  public Crowd(InetSocketAddress server, String path, boolean deflates, ClientListener listener)
      throws IOException {
    this.server = server;
    this.path = path;
    this.deflates = deflates;
    this.listener = listener;
    this.selector = Selector.open();
  }

  /**
   * Opens WebSockets.
   *
   * @throws IOException if one cannot be opened
   */
  public void open(int count) throws IOException {
    long deadline = System.nanoTime() + OPEN_NANOS;
    while (open < count) {
      while (clients.size() < count && clients.size() - open < AT_ONCE) {
        connect();
      }
      poll(deadline);
      if (gone > 0 || System.nanoTime() - deadline > 0) {
        throw new IOException(
            "only " + open + " of " + count + " WebSockets could be opened: " + firstError);
      }
    }
  }

  private void connect() throws IOException {
    SocketChannel channel = SocketChannel.open();
    Client client = new Client(channel, clients.size(), path, deflates);
    clients.add(client);
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.connect(server);
    channel.register(selector, SelectionKey.OP_CONNECT, client);
  }

  /** Waits until something has come, or until then, and handles what has. */
  public void poll(long untilNanos) throws IOException {
    long nanos = untilNanos - System.nanoTime();
    if (nanos <= 0) {
      selector.selectNow(this::ready);
    } else {
      selector.select(this::ready, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
    }
  }

  private void ready(SelectionKey key) {
    Client client = (Client) key.attachment();
    try {
      if (key.isConnectable()) {
        client.connected();
        key.interestOps(SelectionKey.OP_READ);
        return;
      }
      boolean wasOpen = client.isOpen();
      client.read(in, listener);
      if (!wasOpen && client.isOpen()) {
        open++;
      }
      listener.onReadEnd();
    } catch (IOException e) {
      end(client, e);
    }
  }

  private void end(Client client, IOException cause) {
    gone++;
    if (!client.isClosed()) {
      error("WebSocket " + client.index() + ": " + cause.getMessage());
    }
    close(client);
  }

  /** Counts what went wrong. */
  void error(String what) {
    errors++;
    if (firstError == null) {
      firstError = what;
    }
  }

  private static void close(Client client) {
    try {
      client.channel().close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Those that were opened, in the order of their {@link Client#index}. */
  public List<Client> clients() {
    return clients;
  }

  /** Whether all are still there. */
  public boolean isComplete() {
    return gone == 0;
  }

  /** Closes all WebSockets, and waits until the server has closed their connections. */
  public void leave() throws IOException {
    for (Client client : clients) {
      if (client.isOpen() && client.channel().isOpen()) {
        try {
          client.close();
        } catch (IOException e) {
          end(client, e);
        }
      }
    }
    long deadline = System.nanoTime() + LEAVE_NANOS;
    while (gone < clients.size() && System.nanoTime() - deadline < 0) {
      poll(deadline);
    }
    for (int missing = gone; missing < clients.size(); missing++) {
      error("the server does not close a connection after the close frame");
    }
  }

  /** How often something went wrong. */
  public int errors() {
    return errors;
  }

  /** What went wrong first. */
  public @Nullable String firstError() {
    return firstError;
  }

  /** Ends all connections at once. */
  @Override
  public void close() throws IOException {
    clients.forEach(Crowd::close);
    selector.close();
  }
}
