package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelGroup;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.ChannelOptions;
import io.httpkit.channel.ChannelOptions.Compression;
import io.httpkit.channel.CloseStatus;
import io.httpkit.server.WebSocketPeer.Frame;
import java.io.File;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Many channels that are opened, talked over and killed in every way, while all are sent to. Takes
 * {@code -Dhttpkit.soak.seconds}, by default a few.
 */
class WebSocketSoakTest {
  private static final int SECONDS = Integer.getInteger("httpkit.soak.seconds", 6);
  private static final int CHANNELS = 1000;
  private static final int CLIENTS = 3;
  private static final int OPEN_AT_ONCE = 40;
  private static final int PORTIONS = 10;

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  private final ChannelGroup group = new ChannelGroup();
  private final Counts counts = new Counts();

  /** Whether each channel is opened and closed once, for the server and for its listener. */
  private static final class Counts implements ServerEvents {
    static final int OPENED = 1;
    static final int CLOSED = 2;

    /** For the listener. */
    static final int TOLD_OPEN = 4;

    static final int TOLD_CLOSE = 8;
    private static final int ALL = 15;

    /** The channels to which not everything has happened, and what has. */
    private final Map<AsyncChannel, AtomicInteger> pending = new ConcurrentHashMap<>();

    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final Map<CloseStatus.Kind, AtomicInteger> ends = new ConcurrentHashMap<>();

    /** Something that happens to a channel once, behind what it needs to have happened. */
    private void tell(AsyncChannel channel, int what, int needed) {
      AtomicInteger happened = pending.computeIfAbsent(channel, key -> new AtomicInteger());
      int before = happened.getAndUpdate(all -> all | what);
      if ((before & what) != 0 || (before & needed) != needed) {
        faults.add(what + " behind " + before);
      }
      if ((before | what) == ALL) {
        pending.remove(channel);
      }
    }

    @Override
    public void onChannelOpen(AsyncChannel channel) {
      opened.incrementAndGet();
      tell(channel, OPENED, 0);
    }

    @Override
    public void onChannelClose(AsyncChannel channel, CloseStatus status) {
      ends.computeIfAbsent(status.kind(), key -> new AtomicInteger()).incrementAndGet();
      tell(channel, CLOSED, OPENED);
    }

    @Override
    public void onChannelError(AsyncChannel channel, Throwable error) {
      faults.add("channel: " + error);
    }

    @Override
    public void onAccept(@Nullable SocketAddress remote) {
      connections.incrementAndGet();
    }

    @Override
    public void onClose(@Nullable SocketAddress remote) {
      connections.decrementAndGet();
    }

    @Override
    public void onLoopError(Throwable error) {
      faults.add("loop: " + error);
    }

    boolean isQuiet() {
      return pending.isEmpty() && connections.get() == 0;
    }
  }

  /** Answers, and closes when it is told to. */
  private final class Server implements ChannelListener {
    private final boolean nonBlocking;

    Server(boolean nonBlocking) {
      this.nonBlocking = nonBlocking;
    }

    @Override
    public void onOpen(AsyncChannel channel) {
      counts.tell(channel, Counts.TOLD_OPEN, Counts.OPENED);
      group.join(channel);
    }

    @Override
    public void onText(AsyncChannel channel, String text) {
      if (text.equals("close")) {
        channel.close(4000, "as you wish");
      } else {
        channel.send(text);
      }
    }

    @Override
    public void onClose(AsyncChannel channel, CloseStatus status) {
      counts.tell(channel, Counts.TOLD_CLOSE, Counts.CLOSED | Counts.TOLD_OPEN);
    }

    @Override
    public boolean isNonBlocking() {
      return nonBlocking;
    }
  }

  private Response handle(Request request) {
    boolean nonBlocking = request.target().startsWith("/loop");
    Compression compression =
        request.target().endsWith("small") ? Compression.CONTEXT_TAKEOVER : Compression.OFF;
    return request.asChannel(
        options -> options.withCompression(compression), new Server(nonBlocking));
  }

  @Test
  @Timeout(value = 40 + 4 * 60, unit = TimeUnit.SECONDS)
  void allChannelsAreClosedOnce() throws Exception {
    HttpServer server =
        servers.start(
            this::handle,
            config ->
                config
                    .events(counts)
                    .lingerTimeout(Duration.ofMillis(200))
                    .channels(
                        ChannelOptions.DEFAULTS
                            .withPingInterval(Duration.ofMillis(300))
                            .withCloseTimeout(Duration.ofMillis(500))));
    String before = figures();
    CountDownLatch over = new CountDownLatch(1);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS + 1);
    int broadcasts;
    int echoes = 0;
    try {
      Future<Integer> broadcaster = threads.submit(() -> broadcast(over));
      List<Callable<Integer>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Random random = new Random(i);
        clients.add(() -> new Client(server, random).run(deadline));
      }
      for (Future<Integer> each : threads.invokeAll(clients)) {
        echoes += each.get();
      }
      over.countDown();
      broadcasts = broadcaster.get(20, TimeUnit.SECONDS);
    } finally {
      over.countDown();
      threads.shutdownNow();
    }
    awaitQuiet();
    System.gc();
    System.out.println(
        counts.opened
            + " channels, "
            + echoes
            + " echoes, "
            + broadcasts
            + " broadcasts, ends "
            + counts.ends
            + "\nbefore "
            + before
            + "\nafter  "
            + figures());
    assertThat(counts.faults).isEmpty();
    assertThat(counts.pending).isEmpty();
    assertThat(counts.opened.get()).isGreaterThanOrEqualTo(CHANNELS);
    assertThat(counts.ends.values().stream().mapToInt(AtomicInteger::get).sum())
        .isEqualTo(counts.opened.get());
    assertThat(group.size()).isZero();
    assertThat(server.connections()).isZero();
    assertThat(server.activeRequests()).isZero();
    assertThat(echoes).isPositive();
    assertThat(broadcasts).isPositive();
  }

  private void awaitQuiet() throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    CountDownLatch never = new CountDownLatch(1);
    while (!counts.isQuiet() && System.nanoTime() < deadline) {
      assertThat(never.await(10, TimeUnit.MILLISECONDS)).isFalse();
    }
  }

  private int broadcast(CountDownLatch over) throws InterruptedException {
    int count = 0;
    String large = "b".repeat(20_000);
    while (!over.await(2, TimeUnit.MILLISECONDS)) {
      int unused = group.broadcast(++count % 20 == 0 ? large : "b" + count);
    }
    return count;
  }

  private static String figures() {
    Runtime runtime = Runtime.getRuntime();
    long heap = (runtime.totalMemory() - runtime.freeMemory()) / (1024 * 1024);
    String[] descriptors = new File("/proc/self/fd").list();
    return "heap "
        + heap
        + " MiB, threads "
        + Thread.activeCount()
        + ", descriptors "
        + (descriptors == null ? "?" : descriptors.length);
  }

  /** One thread of clients, many open at a time. */
  private static final class Client {
    private static final String[] TARGETS = {"/worker", "/loop", "/worker/small", "/loop/small"};

    private final HttpServer server;
    private final Random random;
    private final List<WebSocketPeer> open = new ArrayList<>();
    private int opened;
    private int echoes;

    Client(HttpServer server, Random random) {
      this.server = server;
      this.random = random;
    }

    /** The number of messages that came back. */
    int run(long deadline) throws Exception {
      while (System.nanoTime() < deadline || opened < CHANNELS / CLIENTS + 1) {
        if (open.size() < OPEN_AT_ONCE) {
          open();
        } else if (random.nextInt(3) == 0) {
          kill(open.remove(random.nextInt(open.size())));
        } else {
          echo(open.get(random.nextInt(open.size())));
        }
      }
      for (WebSocketPeer each : open) {
        kill(each);
      }
      return echoes;
    }

    private void open() throws IOException {
      opened++;
      ScriptedPeer wire = ScriptedPeer.connect(server);
      String target = TARGETS[random.nextInt(TARGETS.length)];
      wire.send(
          WebSocketPeer.handshakeFor(
              target, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"));
      if (random.nextInt(20) == 0) {
        wire.reset();
        return;
      }
      open.add(WebSocketPeer.answered(wire));
    }

    private void echo(WebSocketPeer peer) throws IOException {
      String text = "e".repeat(1 + random.nextInt(PORTIONS) * random.nextInt(200)) + echoes++;
      byte[] frame = WebSocketPeer.textFrame(text);
      int middle = random.nextInt(frame.length);
      peer.raw(Arrays.copyOf(frame, middle));
      peer.raw(Arrays.copyOfRange(frame, middle, frame.length));
      Frame answer = next(peer);
      if (!answer.isCompressed()) {
        assertThat(answer.text()).isEqualTo(text);
      }
    }

    /** The next frame that was not sent to all. */
    private static Frame next(WebSocketPeer peer) throws IOException {
      while (true) {
        Frame frame = peer.read();
        if (frame.opcode() == WebSocketPeer.PING) {
          peer.pong(frame.text());
        } else if (frame.isCompressed() || !frame.text().startsWith("b")) {
          return frame;
        }
      }
    }

    private void kill(WebSocketPeer peer) throws IOException {
      byte[] frame = WebSocketPeer.frame(WebSocketPeer.TEXT, new byte[500]);
      switch (random.nextInt(8)) {
        case 0 -> {
          peer.closing(1000, "bye");
          while (next(peer).opcode() != WebSocketPeer.CLOSE) {
            // what was on its way
          }
          peer.expectEof();
        }
        case 1 -> {
          peer.text("close");
          while (next(peer).opcode() != WebSocketPeer.CLOSE) {
            // what was on its way
          }
          peer.closing(4000, "").expectEof();
        }
        case 2 -> peer.wire().reset();
        case 3 -> peer.raw(Arrays.copyOf(frame, random.nextInt(frame.length)));
        case 4 -> {
          peer.raw(Arrays.copyOf(frame, random.nextInt(frame.length)));
          peer.wire().halfClose();
          assertThat(peer.wire().readToEnd()).isNotNull();
        }
        case 5 -> {
          peer.raw(new byte[] {(byte) 0xff, 0});
          peer.skipToClose(1002);
        }
        case 6 -> peer.text("close").raw(frame);
        default -> peer.closingWithoutCode();
      }
      peer.close();
    }
  }
}
