package io.httpkit.benchmarks.websocket;

import io.httpkit.benchmarks.Payload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** One message over each WebSocket of a crowd, which has to come back. */
public final class EchoOnce implements ClientListener {
  private static final int TEXT_BYTES = 2048;

  /** What ends a deflated message and is not sent: RFC 7692 §7.2.1. */
  private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

  private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final byte[] JOINED = Payload.JOINED.getBytes(StandardCharsets.US_ASCII);

  private final int first;
  private final byte[] message;

  /** The message as it is sent. */
  private final byte[] payload;

  private int answered;

  private EchoOnce(int first, byte[] message, byte[] payload) {
    this.first = first;
    this.message = message;
    this.payload = payload;
  }

  /** A short binary message. */
  public static EchoOnce binary() {
    byte[] message = {0, 1, -1};
    return new EchoOnce(BINARY, message, message);
  }

  /** A text message of 2 KiB. */
  public static EchoOnce text(boolean compressed) {
    byte[] message = text().getBytes(StandardCharsets.US_ASCII);
    return compressed
        ? new EchoOnce(TEXT | COMPRESSED, message, deflated(message))
        : new EchoOnce(TEXT, message, message);
  }

  /** Compresses about as well as what programs tell each other. */
  private static String text() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; text.length() < TEXT_BYTES; i++) {
      text.append("{\"id\":").append(i * 7919 % 1000).append(",\"name\":\"reader\"}");
    }
    return text.substring(0, TEXT_BYTES);
  }

  private static byte[] deflated(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    deflater.setInput(bytes);
    byte[] out = new byte[2 * bytes.length];
    int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
    deflater.end();
    return Arrays.copyOf(out, length - TAIL.length);
  }

  /**
   * Sends the message over each WebSocket and waits for all that come back.
   *
   * @throws IOException if one does not
   */
  public void run(Crowd crowd) throws IOException {
    answered = 0;
    for (Client client : crowd.clients()) {
      client.send(first, payload);
    }
    int size = crowd.clients().size();
    long deadline = System.nanoTime() + ANSWER_NANOS;
    while (answered < size && crowd.isComplete() && System.nanoTime() - deadline < 0) {
      crowd.poll(deadline);
    }
    if (answered < size) {
      throw new IOException(answered + " of " + size + " came back: " + crowd.firstError());
    }
  }

  @Override
  public void onFrame(Client client, int firstByte, byte[] bytes, int offset, int length)
      throws IOException {
    byte[] came = Arrays.copyOfRange(bytes, offset, offset + length);
    byte[] inflated = (firstByte & COMPRESSED) != 0 ? inflated(came) : came;
    if (firstByte == first && Arrays.equals(inflated, message)) {
      answered++;
    } else if (!Arrays.equals(came, JOINED)) {
      throw new IOException("not what was sent came back");
    }
  }

  private byte[] inflated(byte[] bytes) throws IOException {
    byte[] input = Arrays.copyOf(bytes, bytes.length + TAIL.length);
    System.arraycopy(TAIL, 0, input, bytes.length, TAIL.length);
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(input);
      byte[] out = new byte[message.length + 1];
      return Arrays.copyOf(out, inflater.inflate(out));
    } catch (DataFormatException e) {
      throw new IOException(e);
    } finally {
      inflater.end();
    }
  }
}
