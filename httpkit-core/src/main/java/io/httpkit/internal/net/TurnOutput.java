package io.httpkit.internal.net;

import io.httpkit.internal.loop.LoopConfined;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What connections of a loop answer to what they are given in one turn: collected in one buffer,
 * and written when all have had their input, one connection behind the other.
 *
 * <p>Reading and writing are long ways through the kernel. Whoever goes one of them many times in a
 * row finds it in the caches of the processor, and a peer that is woken once sees more at a time.
 */
@LoopConfined
final class TurnOutput {
  static final int BYTES = 32 * 1024;

  /** So that the first does not wait for too many. */
  private static final int MAX_QUEUES = 64;

  private final Consumer<Throwable> onError;

  private final ByteBuffer collected = ByteBuffer.allocate(BYTES);

  /** The part of one queue, of what was collected, for those who want an array. */
  private final ByteBuffer part = collected.duplicate();

  /** The same for the socket, which takes a buffer outside of the heap only. */
  private final ByteBuffer wire = ByteBuffer.allocateDirect(BYTES);

  /** Null once its part was taken. */
  private final @Nullable WriteQueue[] queues = new WriteQueue[MAX_QUEUES];

  /** Where the part of each begins. */
  private final int[] starts = new int[MAX_QUEUES];

  private int count;

  /**
   * @param onError told of what a queue threw
   */
  TurnOutput(Consumer<Throwable> onError) {
    this.onError = onError;
  }

  /** Where the last queue puts more. */
  ByteBuffer collected() {
    return collected;
  }

  /** Whether this is {@link #collected} itself and not another buffer with the same content. */
  @SuppressWarnings("ReferenceEquality") // identity is the question
  boolean isCollected(ByteBuffer buffer) {
    return buffer == collected;
  }

  /** Writes what there is if the queue cannot put so many bytes behind it. */
  void makeRoom(WriteQueue queue, int size) {
    if (!hasRoom(size) || (count == MAX_QUEUES && !isLast(queue))) {
      flush();
    }
  }

  boolean hasRoom(int size) {
    return collected.remaining() >= size;
  }

  /** Whether what is put now would be this queue's. */
  @SuppressWarnings("ReferenceEquality") // identity is the question
  boolean isLast(WriteQueue queue) {
    return count > 0 && queues[count - 1] == queue;
  }

  @SuppressWarnings("ReferenceEquality") // identity is the question
  private int indexOf(WriteQueue queue) {
    int i = count - 1;
    while (i >= 0 && queues[i] != queue) {
      i--;
    }
    return i;
  }

  /** What is put from now on is this queue's. */
  void add(WriteQueue queue) {
    starts[count] = collected.position();
    queues[count] = queue;
    count++;
  }

  /** Takes out what the queue has put, as it cannot wait; to be used at once. */
  ByteBuffer take(WriteQueue queue, boolean wantsArray) {
    int i = indexOf(queue);
    int start = starts[i];
    int end = end(i);
    queues[i] = null;
    if (i == count - 1) {
      count = i;
      collected.position(start);
    }
    if (!wantsArray) {
      wire.clear().put(start, collected, start, end - start);
    }
    return view(wantsArray, start, end);
  }

  /** Drops what the queue has put. */
  void drop(WriteQueue queue) {
    int i = indexOf(queue);
    if (i >= 0) {
      queues[i] = null;
    }
  }

  private int end(int i) {
    return i + 1 < count ? starts[i + 1] : collected.position();
  }

  private ByteBuffer view(boolean wantsArray, int start, int end) {
    return (wantsArray ? part : wire).limit(end).position(start);
  }

  /** Writes all that was collected. */
  void flush() {
    if (count == 0) {
      return;
    }
    wire.clear().put(0, collected, 0, collected.position());
    for (int i = 0; i < count; i++) {
      WriteQueue queue = queues[i];
      if (queue != null) {
        queues[i] = null;
        flush(queue, starts[i], end(i));
      }
    }
    count = 0;
    collected.clear();
  }

  private void flush(WriteQueue queue, int start, int end) {
    try {
      queue.uncork(view(queue.wantsArray(), start, end));
    } catch (RuntimeException | Error e) {
      // the others are to be written all the same
      onError.accept(e);
    }
  }
}
