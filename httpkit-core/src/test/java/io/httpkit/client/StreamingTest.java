package io.httpkit.client;

import static io.httpkit.client.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.client.ManualSubscriber.Signal;
import io.httpkit.client.ScriptedServer.Peer;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are read as they come: not faster than somebody reads, and not longer. */
@Timeout(60)
class StreamingTest {
  private static final Duration A_MOMENT = Duration.ofMillis(100);
  private static final byte[] SOME = new byte[64 * 1024];

  /** More than the client may hold and the buffers of two sockets together. */
  private static final int TOO_MUCH = 32 * 1024 * 1024;

  @RegisterExtension final NothingLeft all = new NothingLeft();

  /** Where subscribers are told. */
  private enum Where {
    LOOP,
    WORKERS;

    ClientConfig.Builder apply(ClientConfig.Builder config) {
      return this == LOOP ? config.executor(Runnable::run) : config;
    }
  }

  /** A response whose head has come. */
  private record Begun(ScriptedServer server, HttpClient client, Peer peer, ClientResponse response)
      implements AutoCloseable {
    ManualSubscriber subscribe(ManualSubscriber subscriber) {
      response.publisher().subscribe(subscriber);
      return subscriber;
    }

    /** The connection was free when the body ended. */
    void expectReuse() throws Exception {
      CompletableFuture<ClientResponse> next = client.get(server.url("/next")).send();
      peer.expect(server.request("GET", "/next")).send(ok("next"));
      assertThat(Outcome.of(next).text()).isEqualTo("next");
    }

    /** The connection is closed, and others can be made. */
    void expectClosed(RecordingEvents events) throws Exception {
      peer.readToEnd();
      events.await(RecordingEvents.Kind.CLOSE);
      assertThat(client.statistics()).isEqualTo(new ClientStatistics(0, 0, 0));
      CompletableFuture<ClientResponse> next = client.get(server.url("/next")).send();
      server.accept().expect(server.request("GET", "/next")).send(ok("next"));
      assertThat(Outcome.of(next).text()).isEqualTo("next");
    }

    @Override
    public void close() {
      response.close();
    }
  }

  private Begun begin(Where where, String head) throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(where::apply);
    CompletableFuture<ClientResponse> future = client.get(server.url("/")).stream();
    Peer peer = server.accept().expect(server.request("GET", "/"));
    peer.send("HTTP/1.1 200 OK\r\n" + head + "\r\n");
    return new Begun(server, client, peer, Outcome.of(future));
  }

  private Begun begin(Where where, int length) throws Exception {
    return begin(where, "Content-Length: " + length + "\r\n");
  }

  private static CompletableFuture<Void> sending(Peer peer, byte[] bytes, int length) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            for (int left = length; left > 0; left -= bytes.length) {
              peer.send(left < bytes.length ? Arrays.copyOf(bytes, left) : bytes);
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  // ---- demand

  @ParameterizedTest
  @EnumSource
  void noMoreIsReadThanIsAskedFor(Where where) throws Exception {
    try (Begun begun = begin(where, TOO_MUCH)) {
      ManualSubscriber subscriber = begun.subscribe(new ManualSubscriber());
      int sent = begun.peer.offerUntilStalled(SOME, TOO_MUCH, A_MOMENT);
      assertThat(subscriber.pieces).isEmpty();

      // one piece makes no room, as the client holds more than one
      subscriber.request(1);
      int taken = subscriber.next();
      subscriber.request(2);
      taken += subscriber.next() + subscriber.next();
      sent += begun.peer.offerUntilStalled(SOME, TOO_MUCH, A_MOMENT);
      assertThat(subscriber.pieces).isEmpty();

      CompletableFuture<Void> sending = sending(begun.peer, SOME, TOO_MUCH - sent);
      while (taken < TOO_MUCH) {
        subscriber.request(1);
        taken += subscriber.next();
        assertThat(subscriber.pieces).isEmpty();
      }
      Outcome.of(sending);
      assertThat(taken).isEqualTo(TOO_MUCH);
      Outcome.of(subscriber.end);
      begun.expectReuse();
    }
  }

  /** What is asked for before it is there comes as it comes. */
  @ParameterizedTest
  @EnumSource
  void demandWaitsForItsPieces(Where where) throws Exception {
    try (Begun begun = begin(where, 4)) {
      ManualSubscriber subscriber = begun.subscribe(new ManualSubscriber());
      subscriber.request(2);
      for (int i = 0; i < 2; i++) {
        begun.peer.send("x");
        assertThat(subscriber.next()).isEqualTo(1);
      }
      begun.peer.send("y");
      assertThat(begun.peer.isSilentFor(A_MOMENT)).isTrue();
      assertThat(subscriber.pieces).isEmpty();
      subscriber.request(Long.MAX_VALUE);
      subscriber.request(Long.MAX_VALUE);
      assertThat(subscriber.next()).isEqualTo(1);
      begun.peer.send("z");
      assertThat(subscriber.next()).isEqualTo(1);
      Outcome.of(subscriber.end);
      begun.expectReuse();
    }
  }

  /** The end is no piece that has to be asked for. */
  @ParameterizedTest
  @EnumSource
  void endNeedsNoDemand(Where where) throws Exception {
    try (Begun begun = begin(where, 0)) {
      Outcome.of(begun.subscribe(new ManualSubscriber()).end);
      begun.expectReuse();
    }
    try (Begun begun = begin(where, "Transfer-Encoding: chunked\r\n")) {
      begun.peer.send("1\r\nx\r\n0\r\n\r\n");
      ManualSubscriber subscriber = begun.subscribe(new ManualSubscriber());
      subscriber.request(1);
      assertThat(subscriber.next()).isEqualTo(1);
      Outcome.of(subscriber.end);
      begun.expectReuse();
    }
  }

  /** The stack does not grow with the pieces. */
  @ParameterizedTest
  @EnumSource
  void subscriberMayAskWhileItIsTold(Where where) throws Exception {
    int chunks = 20_000;
    try (Begun begun = begin(where, "Transfer-Encoding: chunked\r\n")) {
      ManualSubscriber subscriber =
          new ManualSubscriber(
              (signal, subscription) -> {
                if (signal != Signal.COMPLETE) {
                  subscription.request(1);
                }
              });
      byte[] body = ("1\r\nx\r\n".repeat(chunks) + "0\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
      CompletableFuture<Void> sending = sending(begun.peer, body, body.length);
      begun.subscribe(subscriber);
      Outcome.of(subscriber.end);
      Outcome.of(sending);
      assertThat(subscriber.pieces).hasSize(chunks);
      begun.expectReuse();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void demandMustBePositive(long demand) throws Exception {
    for (Where where : Where.values()) {
      try (Begun begun = begin(where, 5)) {
        ManualSubscriber subscriber = begun.subscribe(new ManualSubscriber());
        subscriber.request(demand);
        assertThat(Outcome.failure(subscriber.end))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("demand must be positive but was " + demand);
        begun.peer.readToEnd();
      }
    }
  }

  // ---- who does not want it any more

  @ParameterizedTest
  @EnumSource
  void cancellingClosesTheConnection(Where where) throws Exception {
    try (Begun begun = begin(where, 10)) {
      ManualSubscriber subscriber = begun.subscribe(new ManualSubscriber());
      subscriber.request(Long.MAX_VALUE);
      begun.peer.send("half");
      assertThat(subscriber.next()).isPositive();
      subscriber.subscription().cancel();
      subscriber.subscription().cancel();
      subscriber.request(1);
      begun.expectClosed(all.events);
      assertThat(subscriber.end).isNotDone();
    }
  }

  /** Who holds the response may close it while another reads. */
  @ParameterizedTest
  @EnumSource
  void closingTellsTheSubscriber(Where where) throws Exception {
    try (Begun begun = begin(where, "Content-Length: 5\r\n")) {
      ManualSubscriber subscriber = begun.subscribe(new ManualSubscriber());
      subscriber.request(Long.MAX_VALUE);
      begun.peer.send("a");
      assertThat(subscriber.next()).isEqualTo(1);

      begun.response.close();
      begun.response.close();

      assertThat(Outcome.failure(subscriber.end, Kind.CANCELLED)).hasMessage("the body was closed");
      begun.expectClosed(all.events);
    }
    assertThat(all.events.count(RecordingEvents.Kind.CALLBACK_ERROR)).isZero();
  }

  /** Although it has asked for nothing, and all is there. */
  @ParameterizedTest
  @EnumSource
  void closingTellsTheSubscriberThatHasNotTakenAll(Where where) throws Exception {
    try (Begun begun = begin(where, "Connection: close\r\nContent-Length: 1\r\n")) {
      ManualSubscriber subscriber = begun.subscribe(new ManualSubscriber());
      begun.peer.send("a").expectEof();

      begun.response.close();

      Outcome.failure(subscriber.end, Kind.CANCELLED);
      subscriber.request(1);
      assertThat(subscriber.pieces).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoComesBehindTheCloseIsTold(Where where) throws Exception {
    try (Begun begun = begin(where, "Content-Length: 1\r\n")) {
      Flow.Publisher<ByteBuffer> publisher = begun.response.publisher();
      begun.response.close();
      ManualSubscriber late = new ManualSubscriber();
      publisher.subscribe(late);
      Outcome.failure(late.end, Kind.CANCELLED);
    }
  }

  /** Whatever comes first, there is one end. */
  @ParameterizedTest
  @EnumSource
  void thereIsOneEndWhenDataEndAndCloseComeTogether(Where where) throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(where::apply);
    for (int round = 0; round < 200; round++) {
      CompletableFuture<ClientResponse> future =
          client.get(server.url("/")).keepAlive(false).stream();
      Peer peer = server.accept();
      peer.head();
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na");
      ClientResponse response = Outcome.of(future);
      ManualSubscriber subscriber = new ManualSubscriber();
      response.publisher().subscribe(subscriber);
      subscriber.request(Long.MAX_VALUE);
      peer.send("bc");
      long until = System.nanoTime() + round * 2_000L;
      while (System.nanoTime() < until) {
        Thread.onSpinWait();
      }
      response.close();
      Throwable failure =
          Outcome.of(subscriber.end.handle((nothing, thrown) -> Optional.ofNullable(thrown)))
              .orElse(null);
      if (failure != null) {
        assertThat(failure).hasMessage("the body was closed");
      }
    }
    Outcome.of(client.stop());
    // a second end would have thrown
    assertThat(all.events.all(RecordingEvents.Kind.CALLBACK_ERROR)).isEmpty();
  }

  /** Signals come one after the other. Reactive Streams, rule 1.3. */
  @ParameterizedTest
  @EnumSource
  void nothingComesBeforeTheSubscriptionIsTaken(Where where) throws Exception {
    try (Begun begun = begin(where, "Content-Length: 1\r\n")) {
      begun.peer.send("a");
      CountDownLatch next = new CountDownLatch(1);
      AtomicBoolean early = new AtomicBoolean();
      ManualSubscriber subscriber =
          new ManualSubscriber(
              (signal, subscription) -> {
                if (signal == Signal.SUBSCRIBE) {
                  subscription.request(1);
                  early.set(isDownSoon(next));
                } else if (signal == Signal.NEXT) {
                  next.countDown();
                }
              });
      begun.subscribe(subscriber);
      Outcome.of(subscriber.end);
      assertThat(early).isFalse();
    }
  }

  private static boolean isDownSoon(CountDownLatch latch) {
    try {
      return latch.await(A_MOMENT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** It has nothing left to close. */
  @Test
  void cancellingBehindTheEndKeepsTheConnection() throws Exception {
    try (Begun begun = begin(Where.WORKERS, 1)) {
      ManualSubscriber subscriber = begun.subscribe(new ManualSubscriber());
      subscriber.request(1);
      begun.peer.send("x");
      Outcome.of(subscriber.end);
      subscriber.subscription().cancel();
      begun.expectReuse();
    }
  }

  static List<List<Object>> allThrows() {
    return Stream.of(Where.values())
        .flatMap(
            where ->
                Stream.of(Signal.NEXT, Signal.ERROR, Signal.COMPLETE)
                    .map(signal -> List.<Object>of(where, signal)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("allThrows")
  void subscriberThatThrowsIsReportedOnce(List<Object> row) throws Exception {
    IllegalStateException thrown = new IllegalStateException("thrown");
    try (Begun begun = begin((Where) row.get(0), 2)) {
      ManualSubscriber subscriber =
          new ManualSubscriber(
              (signal, subscription) -> {
                if (signal == row.get(1)) {
                  throw thrown;
                }
              });
      begun.subscribe(subscriber);
      subscriber.request(10);
      begun.peer.send("a");
      assertThat(subscriber.next()).isEqualTo(1);
      switch ((Signal) row.get(1)) {
        case NEXT -> begun.expectClosed(all.events);
        case ERROR -> {
          begun.peer.close();
          Outcome.failure(subscriber.end);
        }
        default -> {
          begun.peer.send("b");
          Outcome.of(subscriber.end);
          begun.expectReuse();
        }
      }
      assertThat(all.events.await(RecordingEvents.Kind.CALLBACK_ERROR).error()).isSameAs(thrown);
      assertThat(all.events.count(RecordingEvents.Kind.CALLBACK_ERROR)).isEqualTo(1);
    }
  }

  /** Of misuse it is told with its own kind of failure, and may throw then, too. */
  @ParameterizedTest
  @EnumSource
  void subscriberThatThrowsWhenItIsToldOfItsMisuseIsReportedOnce(Where where) throws Exception {
    IllegalStateException thrown = new IllegalStateException("thrown");
    try (Begun begun = begin(where, 2)) {
      ManualSubscriber subscriber =
          new ManualSubscriber(
              (signal, subscription) -> {
                if (signal == Signal.ERROR) {
                  throw thrown;
                }
              });
      begun.subscribe(subscriber);
      subscriber.request(0);
      assertThat(all.events.await(RecordingEvents.Kind.CALLBACK_ERROR).error()).isSameAs(thrown);
      begun.expectClosed(all.events);
      assertThat(all.events.count(RecordingEvents.Kind.CALLBACK_ERROR)).isEqualTo(1);
    }
  }

  @Test
  void bodyIsReadOnce() throws Exception {
    try (Begun begun = begin(Where.WORKERS, 1)) {
      Flow.Publisher<ByteBuffer> publisher = begun.response.publisher();
      ManualSubscriber first = new ManualSubscriber();
      ManualSubscriber second = new ManualSubscriber();
      publisher.subscribe(first);
      publisher.subscribe(second);
      assertThat(Outcome.failure(second.end)).hasMessageContaining("being read already");
      assertThatThrownBy(begun.response::stream).hasMessageContaining("being read already");
      assertThatThrownBy(begun.response::publisher).hasMessageContaining("being read already");
      first.request(1);
      begun.peer.send("x");
      Outcome.of(first.end);
      begun.expectReuse();
    }
  }

  @Test
  void responseThatIsClosedUnreadClosesTheConnection() throws Exception {
    try (Begun begun = begin(Where.WORKERS, 10)) {
      begun.response.close();
      begun.response.close();
      begun.expectClosed(all.events);
    }
  }

  @Test
  void responseThatNobodyReadsDoesNotBlockOthers() throws Exception {
    try (Begun begun = begin(Where.WORKERS, TOO_MUCH)) {
      int unused = begun.peer.offerUntilStalled(SOME, TOO_MUCH, A_MOMENT);
      for (int i = 0; i < 4; i++) {
        CompletableFuture<ClientResponse> other =
            begun.client.get(begun.server.url("/other")).keepAlive(false).send();
        Peer peer = begun.server.accept();
        peer.head();
        peer.send(ok("other")).expectEof();
        assertThat(Outcome.of(other).text()).isEqualTo("other");
      }
    }
  }

  // ---- what breaks

  @ParameterizedTest
  @EnumSource
  void whatHasComeIsGivenBeforeTheFailure(Where where) throws Exception {
    try (Begun begun = begin(where, 10)) {
      begun.peer.send("half").close();
      all.events.await(RecordingEvents.Kind.CLOSE);
      ManualSubscriber subscriber = begun.subscribe(new ManualSubscriber());
      subscriber.request(1);
      assertThat(subscriber.next()).isEqualTo(4);
      assertThat(Outcome.failure(subscriber.end, Kind.CLOSED))
          .hasMessageContaining("within the body of the response of " + begun.server.url("/"));
    }
  }

  @Test
  void streamGivesWhatHasComeBeforeTheFailure() throws Exception {
    try (Begun begun = begin(Where.WORKERS, 10);
        InputStream body = begun.response.stream()) {
      begun.peer.send("half").close();
      assertThat(new String(body.readNBytes(4), StandardCharsets.US_ASCII)).isEqualTo("half");
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(body::read)
            .isInstanceOfSatisfying(
                ClientException.class,
                failure -> assertThat(failure.kind()).isEqualTo(Kind.CLOSED));
      }
    }
  }

  /** The end of the connection waits behind what nobody has read yet. */
  @ParameterizedTest
  @EnumSource
  void bodyThatEndsWithTheConnectionIsReadWholly(Where where) throws Exception {
    int length = 1_000_000;
    try (Begun begun = begin(where, "")) {
      CompletableFuture<Void> sending =
          sending(begun.peer, SOME, length)
              .thenRun(
                  () -> {
                    try {
                      begun.peer.close();
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  });
      ManualSubscriber subscriber = begun.subscribe(new ManualSubscriber());
      int taken = 0;
      while (taken < length) {
        subscriber.request(1);
        taken += subscriber.next();
      }
      Outcome.of(subscriber.end);
      Outcome.of(sending);
      assertThat(taken).isEqualTo(length);
    }
  }

  // ---- as a stream

  @Test
  void noMoreIsReadThanAStreamTakes() throws Exception {
    try (Begun begun = begin(Where.WORKERS, TOO_MUCH);
        InputStream body = begun.response.stream()) {
      int sent = begun.peer.offerUntilStalled(SOME, TOO_MUCH, A_MOMENT);
      for (int i = 0; i < 1000; i++) {
        assertThat(body.read()).isZero();
      }
      sent += begun.peer.offerUntilStalled(SOME, TOO_MUCH, A_MOMENT);
      CompletableFuture<Void> sending = sending(begun.peer, SOME, TOO_MUCH - sent);
      assertThat(body.skip(TOO_MUCH)).isEqualTo(TOO_MUCH - 1000);
      assertThat(body.read()).isEqualTo(-1);
      assertThat(body.read()).isEqualTo(-1);
      Outcome.of(sending);
      begun.expectReuse();
    }
  }

  @Test
  void streamThatIsClosedEarlyClosesTheConnection() throws Exception {
    try (Begun begun = begin(Where.WORKERS, 10)) {
      InputStream body = begun.response.stream();
      begun.peer.send("half");
      assertThat(body.read()).isEqualTo('h');
      body.close();
      body.close();
      assertThatThrownBy(() -> body.readNBytes(4)).isInstanceOf(IOException.class);
      begun.expectClosed(all.events);
    }
  }

  /** Nothing was left to come. */
  @Test
  void streamThatIsReadToItsEndKeepsTheConnectionWhenItIsClosed() throws Exception {
    try (Begun begun = begin(Where.WORKERS, 4)) {
      begun.peer.send("all!");
      try (InputStream body = begun.response.stream()) {
        assertThat(new String(body.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo("all!");
      }
      begun.expectReuse();
    }
  }

  @Test
  void whoWaitsForAStreamMayBeInterrupted() throws Exception {
    try (Begun begun = begin(Where.WORKERS, 4);
        InputStream body = begun.response.stream()) {
      AtomicReference<String> ending = new AtomicReference<>("");
      Thread reader =
          new Thread(
              () -> {
                try {
                  ending.set("read " + body.read());
                } catch (InterruptedIOException e) {
                  ending.set("interrupted " + Thread.currentThread().isInterrupted());
                } catch (IOException e) {
                  ending.set(e.toString());
                }
              },
              "reader");
      reader.start();
      reader.interrupt();
      reader.join(20_000);
      assertThat(ending).hasValue("interrupted true");
    }
  }

  @Test
  void whoWaitsForAStreamIsToldThatItWasClosed() throws Exception {
    try (Begun begun = begin(Where.WORKERS, 4);
        InputStream body = begun.response.stream()) {
      CompletableFuture<Integer> read =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return body.read();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      begun.response.close();
      assertThat(Outcome.failure(read)).hasMessageContaining("closed");
      begun.expectClosed(all.events);
    }
  }

  // ---- a body that is there already

  @Test
  void collectedBodyIsPublishedAsOnePiece() throws Exception {
    ScriptedServer server = all.server();
    CompletableFuture<ClientResponse> future = all.client().get(server.url("/")).send();
    server.accept().expect(server.request("GET", "/")).send(ok("four"));
    ClientResponse response = Outcome.of(future);

    ManualSubscriber subscriber = new ManualSubscriber();
    response.publisher().subscribe(subscriber);
    assertThat(subscriber.pieces).isEmpty();
    subscriber.request(1);
    assertThat(subscriber.next()).isEqualTo(4);
    assertThat(subscriber.end).isCompleted();

    ManualSubscriber wrong = new ManualSubscriber();
    response.publisher().subscribe(wrong);
    wrong.request(0);
    assertThat(Outcome.failure(wrong.end)).hasMessageContaining("demand must be positive");

    ManualSubscriber cancelling = new ManualSubscriber();
    response.publisher().subscribe(cancelling);
    cancelling.subscription().cancel();
    cancelling.request(1);
    assertThat(cancelling.pieces).isEmpty();
    assertThat(cancelling.end).isNotDone();
  }
}
