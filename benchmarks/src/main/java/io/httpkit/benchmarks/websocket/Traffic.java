package io.httpkit.benchmarks.websocket;

import io.httpkit.benchmarks.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Messages that go to and fro between a crowd and its server. Each is checked: that it is whole,
 * and that it comes once and in order to each WebSocket that is to get it.
 */
public final class Traffic implements ClientListener {
  /**
   * What is sent.
   *
   * @param isRoom whether each WebSocket gets each message, else only the one that sent it
   * @param senders how many send: the first of the crowd
   * @param inFlight messages that each sends before the first of them is back
   * @param incomplete messages of each that may be on the way to others
   * @param bytes length of each message
   */
  public record Pattern(boolean isRoom, int senders, int inFlight, int incomplete, int bytes) {}

  /**
   * What came of it.
   *
   * @param received messages that came back, or were delivered to a WebSocket of the room
   * @param missing those that did not come
   */
  public record Result(long received, long missing, double seconds) {}

  private static final byte[] JOINED = Payload.JOINED.getBytes(StandardCharsets.US_ASCII);
  private static final long JOIN_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Without any message for so long, those that are missing are lost. */
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Pattern pattern;
  private final NumberedMessages messages;
  private final Sender[] senders;

  /** For each WebSocket, the number of the next message from each sender that it gets. */
  private final int[][] next;

  private final ByteBuffer out;
  private List<Client> clients = List.of();

  /** Senders of which a message was received since they were last asked to send. */
  private final List<Integer> changed = new ArrayList<>();

  private int joined;
  private long received;
  private boolean isRunning;

  /**
   * Listens to a crowd of this size.
   *
   * @param pattern with no more senders than the crowd is large
   */
  public Traffic(Pattern pattern, int size) {
    this.pattern = pattern;
    this.messages = new NumberedMessages(pattern.bytes());
    this.senders = new Sender[pattern.senders()];
    Arrays.setAll(
        senders,
        i -> new Sender(pattern.inFlight(), pattern.incomplete(), pattern.isRoom() ? size : 1));
    this.next = new int[size][pattern.isRoom() ? senders.length : 1];
    this.out = ByteBuffer.allocate(pattern.inFlight() * messages.frameBytes());
  }

  /**
   * Opens the WebSockets and, of a room, waits until they are all in it.
   *
   * @throws IOException if that fails
   */
  public void join(Crowd crowd) throws IOException {
    crowd.open(next.length);
    clients = crowd.clients();
    long deadline = System.nanoTime() + JOIN_NANOS;
    while (pattern.isRoom() && joined < next.length) {
      crowd.poll(deadline);
      if (!crowd.isComplete() || System.nanoTime() - deadline > 0) {
        throw new IOException(
            "only " + joined + " WebSockets are in the room: " + crowd.firstError());
      }
    }
  }

  /** Sends for so long, and then waits for what is on its way. */
  public Result run(Crowd crowd, int seconds) throws IOException {
    long start = System.nanoTime();
    long end = start + TimeUnit.SECONDS.toNanos(seconds);
    isRunning = true;
    for (int i = 0; i < senders.length; i++) {
      send(i);
    }
    while (crowd.isComplete() && System.nanoTime() - end < 0) {
      crowd.poll(end);
    }
    isRunning = false;
    awaitRest(crowd);
    double elapsed = (System.nanoTime() - start) / 1e9;
    return new Result(received, expected() - received, elapsed);
  }

  private void awaitRest(Crowd crowd) throws IOException {
    long before = -1;
    long silentUntil = System.nanoTime() + SILENCE_NANOS;
    while (received < expected() && (received > before || System.nanoTime() - silentUntil < 0)) {
      if (received > before) {
        before = received;
        silentUntil = System.nanoTime() + SILENCE_NANOS;
      }
      crowd.poll(silentUntil);
    }
  }

  private long expected() {
    long sent = Arrays.stream(senders).mapToLong(Sender::sent).sum();
    return pattern.isRoom() ? sent * next.length : sent;
  }

  @Override
  public void onFrame(Client client, int first, byte[] bytes, int offset, int length)
      throws IOException {
    if (first == TEXT && messages.matches(bytes, offset, length)) {
      onMessage(
          client.index(),
          NumberedMessages.sender(bytes, offset),
          NumberedMessages.number(bytes, offset));
    } else if (first == TEXT
        && Arrays.equals(bytes, offset, offset + length, JOINED, 0, JOINED.length)) {
      joined++;
    } else {
      throw new IOException("a frame of " + length + " bytes that nobody has sent");
    }
  }

  private void onMessage(int client, int sender, int number) throws IOException {
    int[] expected = next[client];
    int column = pattern.isRoom() ? sender : 0;
    boolean isKnown = pattern.isRoom() ? sender < senders.length : sender == client;
    if (!isKnown || number != expected[column] || number >= senders[sender].sent()) {
      throw new IOException(
          "message "
              + number
              + " of "
              + sender
              + (isKnown ? " in place of " + expected[column] : ""));
    }
    expected[column]++;
    received++;
    senders[sender].received(number, sender == client);
    if (isRunning && senders[sender].allowed() > 0 && !changed.contains(sender)) {
      changed.add(sender);
    }
  }

  @Override
  public void onReadEnd() throws IOException {
    while (!changed.isEmpty()) {
      send(changed.remove(changed.size() - 1));
    }
  }

  private void send(int sender) throws IOException {
    out.clear();
    for (int allowed = senders[sender].allowed(); allowed > 0; allowed--) {
      messages.put(out, sender, senders[sender].send());
    }
    clients.get(sender).send(out.flip());
  }
}
