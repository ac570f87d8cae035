package io.httpkit.benchmarks.websocket;

/** How far one of those who send has come. Its messages are numbered from 0. */
final class Sender {
  private final int inFlight;
  private final int receivers;

  /** How many have got each of the messages that not all have got; at its number, as in a ring. */
  private final int[] received;

  private int sent;

  /** How many of its messages have come back to itself. */
  private int returned;

  /** How many of its messages all have got. */
  private int complete;

  /**
   * @param inFlight messages that may be sent and not yet back
   * @param incomplete messages that may be sent and not yet with all receivers
   */
  Sender(int inFlight, int incomplete, int receivers) {
    this.inFlight = inFlight;
    this.receivers = receivers;
    this.received = new int[incomplete];
  }

  /** How many messages may be sent now. */
  int allowed() {
    return Math.min(inFlight - (sent - returned), received.length - (sent - complete));
  }

  /** The number of the next message, which is sent. */
  int send() {
    return sent++;
  }

  int sent() {
    return sent;
  }

  /** A receiver has got the message. Each gets them in order, so that they complete in order. */
  void received(int number, boolean isSender) {
    if (isSender) {
      returned++;
    }
    int slot = number % received.length;
    received[slot]++;
    if (received[slot] == receivers) {
      received[slot] = 0;
      complete++;
    }
  }
}
