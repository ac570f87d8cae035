package io.httpkit.internal.codec.websocket;

import io.httpkit.internal.codec.websocket.WebSocketEvent.Binary;
import io.httpkit.internal.codec.websocket.WebSocketEvent.Close;
import io.httpkit.internal.codec.websocket.WebSocketEvent.Control;
import io.httpkit.internal.codec.websocket.WebSocketEvent.Part;
import io.httpkit.internal.codec.websocket.WebSocketEvent.Text;
import java.nio.ByteBuffer;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the frames of one connection to messages, and control frames between them. RFC 6455 §5
 * and 7692.
 *
 * <p>Pure: however the bytes are split, the events are the same once adjacent parts are joined. The
 * bytes of an incomplete header or control frame are left in the buffer and have to be offered
 * again, with more behind them; those of a message are taken as they come.
 *
 * <p>Small between messages: what a message needs exists only in the middle of one, and an inflater
 * is held only then, or once there is context to keep.
 */
public final class WebSocketDecoder {
  /** The most bytes an array can have. */
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private final boolean masked;
  private final boolean streamsParts;
  private final boolean keepsContext;
  private final int maxMessage;
  private final @Nullable InflaterSource inflaters;
  private @Nullable Inflater inflater;
  private @Nullable MessageReader message;

  /**
   * @param sender whose frames these are: those of a client must be masked, those of a server must
   *     not be
   * @param maxMessage the largest message in bytes, after inflation; of no meaning if parts are
   *     streamed
   * @param streamsParts whether a message is given in parts, as they come, instead of as a whole
   * @param inflaters for compressed messages; null if compression was not agreed on
   * @param keepsContext whether a compressed message may refer to the one before; RFC 7692 §7.1.1
   */
  public WebSocketDecoder(
      Role sender,
      int maxMessage,
      boolean streamsParts,
      @Nullable InflaterSource inflaters,
      boolean keepsContext) {
    this.masked = sender.masks();
    this.maxMessage = Math.min(maxMessage, MAX_ARRAY);
    this.streamsParts = streamsParts;
    this.inflaters = inflaters;
    this.keepsContext = keepsContext;
  }

  /**
   * The next event, or null when {@code in} does not complete one.
   *
   * @throws WebSocketException with the code to close with: 1002, 1007 or 1009; then nothing but
   *     {@link #release} may be called
   */
  public @Nullable WebSocketEvent next(ByteBuffer in) {
    while (true) {
      MessageReader reader = message;
      WebSocketEvent event;
      if (reader == null || reader.isBetweenFrames()) {
        FrameHeader header = FrameHeader.read(in, masked, reader != null, inflaters != null);
        if (header == null) {
          return null;
        }
        if (header.opcode().isControl()) {
          return control(header, in);
        }
        event = data(header, in);
      } else {
        event = read(reader, in);
      }
      if (event != null || isWithinFrame()) {
        return event;
      }
    }
  }

  private boolean isWithinFrame() {
    return message != null && !message.isBetweenFrames();
  }

  /** Whether no message has begun that has not ended. Bytes left in the buffer do not count. */
  public boolean isBetweenMessages() {
    return message == null;
  }

  /** Gives back what was lent. Ends the use of the decoder; may be called again. */
  public void release() {
    message = null;
    giveInflater();
  }

  private void giveInflater() {
    if (inflaters != null && inflater != null) {
      inflaters.give(inflater);
      inflater = null;
    }
  }

  private @Nullable WebSocketEvent data(FrameHeader header, ByteBuffer in) {
    MessageReader reader = message;
    if (reader == null) {
      if (isWholeMessage(header, in)) {
        return whole(header, in);
      }
      reader = new MessageReader(isText(header), maxMessage, streamsParts, inflater(header));
      message = reader;
    }
    reader.beginFrame(header);
    in.position(in.position() + header.bytes());
    return read(reader, in);
  }

  private static boolean isText(FrameHeader header) {
    return header.opcode() == Opcode.TEXT;
  }

  private @Nullable MessageInflater inflater(FrameHeader header) {
    if (!header.compressed() || inflaters == null) {
      return null;
    }
    Inflater lent = inflater != null ? inflater : inflaters.take();
    inflater = lent;
    return new MessageInflater(lent, keepsContext);
  }

  private @Nullable WebSocketEvent read(MessageReader reader, ByteBuffer in) {
    WebSocketEvent event = reader.read(in);
    if (event != null && reader.isAtEnd()) {
      message = null;
      if (!keepsContext) {
        giveInflater();
      }
    }
    return event;
  }

  /** Whether this one frame is a message, needs no inflation, and is all there. */
  private static boolean isWholeMessage(FrameHeader header, ByteBuffer in) {
    return header.fin()
        && !header.compressed()
        && header.length() <= in.remaining() - header.bytes();
  }

  private WebSocketEvent whole(FrameHeader header, ByteBuffer in) {
    if (!streamsParts) {
      MessageReader.checkLength(header.length(), false, maxMessage, 0);
    }
    byte[] bytes = payload(header, in);
    if (streamsParts) {
      if (isText(header)) {
        Utf8Validator.checkText(bytes);
      }
      return new Part(bytes, isText(header), true);
    }
    return isText(header)
        ? new Text(Utf8Validator.text(bytes, 0, bytes.length))
        : new Binary(bytes);
  }

  /** Takes the header, and the payload, which is known to be there. */
  private static byte[] payload(FrameHeader header, ByteBuffer in) {
    byte[] bytes = new byte[(int) header.length()];
    in.position(in.position() + header.bytes());
    in.get(bytes);
    FrameEncoder.mask(bytes, 0, bytes.length, header.mask());
    return bytes;
  }

  private static @Nullable WebSocketEvent control(FrameHeader header, ByteBuffer in) {
    if (header.length() > in.remaining() - header.bytes()) {
      return null;
    }
    byte[] payload = payload(header, in);
    return header.opcode() == Opcode.CLOSE ? close(payload) : new Control(header.opcode(), payload);
  }

  /** RFC 6455 §5.5.1. */
  private static Close close(byte[] payload) {
    if (payload.length == 0) {
      return new Close(FrameEncoder.NO_STATUS, "");
    }
    if (payload.length < Short.BYTES) {
      throw WebSocketException.protocolError("close frame with half a code");
    }
    int code = (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
    if (!FrameEncoder.isSendable(code)) {
      throw WebSocketException.protocolError("close code that must not be sent");
    }
    return new Close(code, Utf8Validator.text(payload, Short.BYTES, payload.length));
  }
}
