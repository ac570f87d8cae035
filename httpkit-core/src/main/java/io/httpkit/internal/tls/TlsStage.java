package io.httpkit.internal.tls;

import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.loop.LoopConfined;
import io.httpkit.internal.net.ByteStage;
import io.httpkit.internal.net.StageBuffers;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * One end of a TLS connection: records to bytes and back. {@link #handshake} first, and when that
 * is {@link Step#DONE} all else. While it waits it keeps no more than the bytes of a record that
 * has not come completely. RFC 8446, RFC 5246.
 */
public final class TlsStage implements ByteStage {
  /** What a handshake needs to go on. */
  public enum Step {
    /** More from the peer. */
    INPUT,
    /** That the delegated tasks of the engine are run. */
    TASKS,
    /** More room for what is to be sent. */
    ROOM,
    /** Nothing: it is complete. */
    DONE
  }

  private static final String TLS_1_3 = "TLSv1.3";

  /** The header of a record longer than any that an engine takes. */
  private static final byte[] FAR_TOO_LONG = {23, 3, 3, -1, -1};

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SSLEngine engine;
  private final StageBuffers buffers;

  // Loop only
  private @Nullable ByteBuffer unfinished;
  private boolean ended;
  private boolean wantsOutbound;

  /**
   * @param engine whose handshake has begun
   * @param buffers those of the loop
   */
  public TlsStage(SSLEngine engine, StageBuffers buffers) {
    this.engine = engine;
    this.buffers = buffers;
  }

  @Override
  @AnyThread
  public SSLSession session() {
    return engine.getSession();
  }

  // ---- the handshake

  /**
   * Takes the handshake on as far as it goes.
   *
   * @param wire what has come in; not more of it is consumed than belongs to the handshake
   * @param out takes what is to be sent, also when this throws
   */
  @LoopConfined
  public Step handshake(ByteBuffer wire, ByteBuffer out) throws SSLException {
    while (true) {
      HandshakeStatus status = engine.getHandshakeStatus();
      if (status == HandshakeStatus.NEED_TASK) {
        return Step.TASKS;
      }
      if (status == HandshakeStatus.NOT_HANDSHAKING || status == HandshakeStatus.FINISHED) {
        return Step.DONE;
      }
      if (status == HandshakeStatus.NEED_WRAP) {
        if (!wrapHandshake(out)) {
          return Step.ROOM;
        }
      } else if (!unwrapHandshake(wire)) {
        return Step.INPUT;
      }
      if (engine.isOutboundDone()) {
        throw new SSLException("the connection ended within the handshake");
      }
    }
  }

  /** False if there is too little room. */
  private boolean wrapHandshake(ByteBuffer out) throws SSLException {
    SSLEngineResult result = engine.wrap(NOTHING, out);
    if (result.getStatus() == Status.BUFFER_OVERFLOW && out.position() > 0) {
      return false;
    }
    if (result.bytesProduced() == 0 && saysSomething()) {
      throw noProgress(result);
    }
    return true;
  }

  private static SSLException noProgress(SSLEngineResult result) {
    return new SSLException("no progress within the handshake: " + result.getStatus());
  }

  /** False if the bytes do not make a record. */
  private boolean unwrapHandshake(ByteBuffer wire) throws SSLException {
    if (!wire.hasRemaining()) {
      return false;
    }
    try {
      RecordLength.checkInHandshake(wire);
    } catch (RefusedException e) {
      throw refused(e);
    }
    SSLEngineResult result = engine.unwrap(wire, NOTHING);
    if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
      return false;
    }
    if (result.getStatus() != Status.OK || result.bytesConsumed() == 0) {
      throw noProgress(result);
    }
    return true;
  }

  // ---- what comes in

  @Override
  @LoopConfined
  public ByteBuffer inbound(ByteBuffer wire) throws SSLException {
    int kept = unfinished == null ? 0 : StageBuffers.MAX_RECORD_BYTES;
    ByteBuffer plain = buffers.unwrapped(kept + wire.remaining());
    wantsOutbound = false;
    if (unfinished != null && complete(unfinished, wire)) {
      ByteBuffer record = unfinished;
      unfinished = null;
      unwrap(record, plain);
    }
    if (wire.hasRemaining() && !ended) {
      ByteBuffer records = buffers.received(wire.remaining()).put(wire).flip();
      unwrap(records, plain);
      keep(records);
    }
    wire.position(wire.limit());
    return plain.flip();
  }

  private void unwrap(ByteBuffer records, ByteBuffer plain) throws SSLException {
    while (records.hasRemaining() && !ended) {
      int before = records.remaining();
      int unused = recordBytes(records);
      SSLEngineResult result = engine.unwrap(records, plain);
      if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
        return;
      }
      checkLength(result.bytesProduced(), RecordLength.MAX_PLAIN);
      ended = result.getStatus() == Status.CLOSED;
      checkNotHandshaking(result.getHandshakeStatus());
      if (records.remaining() == before && !ended) {
        throw new SSLException("no progress: " + result.getStatus());
      }
    }
  }

  /**
   * TLS 1.2 lets either end negotiate again, which nobody needs and which costs a server dear. TLS
   * 1.3 has no more than messages that are answered at once.
   */
  private void checkNotHandshaking(HandshakeStatus status) throws SSLException {
    boolean wrap = status == HandshakeStatus.NEED_WRAP;
    boolean begins =
        status == HandshakeStatus.NEED_TASK || status == HandshakeStatus.NEED_UNWRAP || wrap;
    if (begins && !ended && !(wrap && isTls13())) {
      engine.closeOutbound();
      throw new SSLException("the peer wants to negotiate again, which is refused");
    }
    wantsOutbound |= wrap;
  }

  private boolean isTls13() {
    return engine.getSession().getProtocol().equals(TLS_1_3);
  }

  /** Adds what the unfinished record lacks; false if that is not all there. */
  private boolean complete(ByteBuffer kept, ByteBuffer wire) throws SSLException {
    ByteBuffer record = kept;
    while (wire.hasRemaining()) {
      int missing = recordBytes(record) - record.remaining();
      if (missing == 0) {
        break;
      }
      record = append(record, wire, Math.min(missing, wire.remaining()));
    }
    unfinished = record;
    return record.remaining() == recordBytes(record);
  }

  /** The length of the record that begins here; that of its header if it is not known. */
  private int recordBytes(ByteBuffer record) throws SSLException {
    if (record.remaining() < RecordLength.HEADER_BYTES) {
      return RecordLength.HEADER_BYTES;
    }
    int length = RecordLength.of(record);
    if (length > RecordLength.MAX_PLAIN) {
      checkLength(length, isTls13() ? RecordLength.MAX_TLS_1_3 : RecordLength.MAX_TLS_1_2);
    }
    return RecordLength.HEADER_BYTES + length;
  }

  private void checkLength(int length, int max) throws SSLException {
    try {
      RecordLength.check(length, max);
    } catch (RefusedException e) {
      throw refused(e);
    }
  }

  /**
   * Has the engine say something fatal about it. The keys are the engine's, and the JDK's has no
   * way to be told what to say, and never says record_overflow itself. But a record that is longer
   * than it takes is refused by its header, with unexpected_message: so it is shown one.
   */
  private RefusedException refused(RefusedException refusal) {
    try {
      SSLEngineResult unused = engine.unwrap(ByteBuffer.wrap(FAR_TOO_LONG), NOTHING);
    } catch (SSLException e) {
      refusal.addSuppressed(e);
    }
    return refusal;
  }

  private static ByteBuffer append(ByteBuffer record, ByteBuffer wire, int count) {
    ByteBuffer larger = record;
    if (record.capacity() - record.limit() < count) {
      int capacity = Math.max(record.remaining() + count, 2 * record.capacity());
      larger = ByteBuffer.allocate(capacity).put(record).flip();
    }
    int end = larger.limit();
    larger.limit(end + count).put(end, wire, wire.position(), count);
    wire.position(wire.position() + count);
    return larger;
  }

  private void keep(ByteBuffer records) {
    if (records.hasRemaining() && !ended) {
      unfinished = ByteBuffer.allocate(records.remaining()).put(records).flip();
    }
  }

  @Override
  @LoopConfined
  public boolean hasEnded() {
    return ended;
  }

  @Override
  @LoopConfined
  public boolean wantsOutbound() {
    return wantsOutbound;
  }

  // ---- what goes out

  @Override
  public void outbound(ByteBuffer plain, ByteBuffer wire) throws SSLException {
    boolean more = plain.hasRemaining() || saysSomething();
    while (more) {
      SSLEngineResult result = engine.wrap(plain, wire);
      if (result.getStatus() == Status.BUFFER_OVERFLOW && wire.position() > 0) {
        return;
      }
      if (result.getStatus() == Status.CLOSED && !plain.hasRemaining()) {
        return;
      }
      if (result.getStatus() != Status.OK || result.bytesProduced() == 0) {
        throw new SSLException("nothing more can be sent: " + result.getStatus());
      }
      more = plain.hasRemaining() || result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
    }
  }

  private boolean saysSomething() {
    return engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
  }

  @Override
  public void endOutbound() {
    engine.closeOutbound();
  }
}
