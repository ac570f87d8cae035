package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.ServerSentEvent;
import io.httpkit.client.ScriptedServer.Peer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of server-sent events that break off and come back. */
@Timeout(60)
class EventSourceTest {
  private static final String STREAM = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

  /** Asks again at once. */
  private static final String SOON = "retry: 1\n";

  @RegisterExtension final NothingLeft made = new NothingLeft();

  private final Log log = new Log();

  /** Keeps what it is told, in order. */
  private static final class Log implements EventListener {
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @Override
    public void onEvent(ServerSentEvent event) {
      told.add("event " + event.data());
    }

    @Override
    public void onOpen(ClientResponse response) {
      told.add("open");
    }

    @Override
    public void onFailure(Throwable cause) {
      told.add("failure " + cause.getMessage());
    }

    @Override
    public void onClosed() {
      told.add("closed");
    }

    void expect(String... all) throws InterruptedException {
      for (String expected : all) {
        assertThat(told.poll(20, TimeUnit.SECONDS)).isNotNull().startsWith(expected);
      }
    }
  }

  private EventSource open(ScriptedServer server) {
    return made.client().get(server.url("/")).events(log);
  }

  @Test
  void eventsArriveAsTheyAreSent() throws Exception {
    ScriptedServer server = made.server();
    EventSource source = open(server);

    Peer peer = server.accept();
    assertThat(peer.head()).contains("Accept: text/event-stream\r\n").doesNotContain("Last-Event");
    peer.send(STREAM);
    log.expect("open");
    assertThat(source.state()).isEqualTo(EventSource.State.OPEN);
    peer.send("data: 1\n\n");
    log.expect("event 1");
    peer.sendByteByByte("id: x\ndata: 2\n\ndata: 3\n\n");
    log.expect("event 2", "event 3");
    assertThat(source.lastEventId()).isEqualTo("x");

    source.close();
    log.expect("closed");
    peer.expectEof();
    assertThat(source.state()).isEqualTo(EventSource.State.CLOSED);
  }

  @Test
  void asksForAFreshStreamUnlessToldOtherwise() throws Exception {
    ScriptedServer server = made.server();

    EventSource usual = open(server);
    assertThat(server.accept().head())
        .contains("Accept: text/event-stream\r\n", "Cache-Control: no-store\r\n");
    usual.close();
    EventSource own =
        made.client()
            .get(server.url("/"))
            .header("Accept", "text/plain")
            .header("cache-control", "max-age=60")
            .events(log);
    assertThat(server.accept().head())
        .contains("Accept: text/plain\r\n", "cache-control: max-age=60\r\n")
        .doesNotContain("event-stream", "no-store");
    own.close();
  }

  @Test
  void streamThatBreaksOffGoesOnBehindTheLastEvent() throws Exception {
    ScriptedServer server = made.server();
    EventSource source = open(server);

    Peer first = server.accept();
    first.head();
    first.send(STREAM + SOON + "id: 7\ndata: a\n\ndata: half").close();
    log.expect("open", "event a", "failure");
    Peer second = server.accept();
    assertThat(second.head()).contains("Last-Event-ID: 7\r\n");
    second.send(STREAM + "id: 8\ndata: b\n\n").reset();
    log.expect("open");
    Peer third = server.accept();
    third.head();
    third.send(STREAM + "data: c\n\n");

    source.close();
  }

  /** Ids as the server sends them, and as octets of the field; empty if it cannot be sent. */
  @ParameterizedTest
  @CsvSource({
    "7, 7",
    "a b, a b",
    "\u00e9, \u00c3\u00a9",
    "\u2713, \u00e2\u009c\u0093",
    "a\u0001b, ''",
    "\u007f, ''",
  })
  void idOfAnyTextIsSentAsUtf8(String id, String octets) throws Exception {
    ScriptedServer server = made.server();
    EventSource source = open(server);

    Peer first = server.accept();
    first.head();
    first.send(utf8(STREAM + SOON + "id: " + id + "\ndata: a\n\n")).close();
    log.expect("open", "event a", "failure");
    assertThat(source.lastEventId()).isEqualTo(id);
    Peer second = server.accept();
    String head = second.head();
    if (octets.isEmpty()) {
      assertThat(head).doesNotContain("Last-Event");
    } else {
      assertThat(head).contains("\r\nLast-Event-ID: " + octets + "\r\n");
    }

    source.close();
  }

  /** The octets of the text, each as a char. */
  private static String utf8(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  @Test
  void passingFailureIsTriedAgain() throws Exception {
    ScriptedServer server = made.server();
    EventSource source = open(server);
    Peer first = server.accept();
    first.head();
    first.send(STREAM + SOON + "\n").close();
    log.expect("open", "failure");

    Peer second = server.accept();
    second.head();
    second.send("HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n");
    log.expect("failure");
    // the answer was complete, so the connection is used again
    second.head();
    second.send(STREAM + "data: back\n\n");
    log.expect("open", "event back");

    source.close();
    log.expect("closed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
      })
  void otherAnswerEndsIt(String answer) throws Exception {
    ScriptedServer server = made.server();
    EventSource source = open(server);
    Peer peer = server.accept();
    peer.head();
    peer.send(answer);

    if (!answer.contains(" 204 ")) {
      log.expect("failure");
    }
    log.expect("closed");
    assertThat(source.state()).isEqualTo(EventSource.State.CLOSED);
  }

  @Test
  void closeWhileItWaitsEndsIt() throws Exception {
    ScriptedServer server = made.server();
    EventSource source = open(server);
    Peer peer = server.accept();
    peer.head();
    peer.send(STREAM + "retry: 60000\n\n").close();
    log.expect("open", "failure");

    source.close();
    source.close();

    log.expect("closed");
    assertThat(log.told).isEmpty();
  }

  @Test
  void closeBeforeTheAnswerEndsTheRequest() throws Exception {
    ScriptedServer server = made.server();
    EventSource source = open(server);
    Peer peer = server.accept();
    peer.head();

    source.close();

    log.expect("closed");
    peer.expectEof();
  }

  /** Where the stop of a client meets a source. */
  private enum Met {
    CONNECTING,
    OPEN,
    WAITING;

    void prepare(Peer peer, Log log) throws Exception {
      peer.head();
      if (this == OPEN) {
        peer.send(STREAM);
        log.expect("open");
      } else if (this == WAITING) {
        peer.send(STREAM + "retry: 86400000\n\n").close();
        log.expect("open", "failure");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void stopOfTheClientEndsIt(Met met) throws Exception {
    ScriptedServer server = made.server();
    HttpClient client = made.client();
    EventSource source = client.get(server.url("/")).events(log);
    Peer peer = server.accept();
    met.prepare(peer, log);

    CompletableFuture<Void> stopped = client.stop();

    log.expect("failure HTTP client is stopped", "closed");
    assertThat(source.state()).isEqualTo(EventSource.State.CLOSED);
    Outcome.of(stopped);
    source.close();
    assertThat(log.told).isEmpty();
  }

  @Test
  void sourceOfAStoppedClientEnds() throws Exception {
    HttpClient client = made.client();
    Outcome.of(client.stop());

    EventSource source = client.get("http://127.0.0.1:1/").events(log);

    log.expect("failure HTTP client is stopped", "closed");
    assertThat(source.state()).isEqualTo(EventSource.State.CLOSED);
    assertThat(log.told).isEmpty();
  }

  /** The listener is not called by two at once, nor behind the end. */
  @Test
  void closeWaitsForTheCallThatIsBeingMade() throws Exception {
    ScriptedServer server = made.server();
    HttpClient client = made.client();
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    EventListener slow =
        new EventListener() {
          @Override
          public void onEvent(ServerSentEvent event) {
            entered.countDown();
            await(released);
            log.onEvent(event);
          }

          @Override
          public void onClosed() {
            log.onClosed();
          }
        };
    EventSource source = client.get(server.url("/")).events(slow);
    Peer peer = server.accept();
    peer.head();
    peer.send(STREAM + "data: 1\n\ndata: 2\n\n");
    await(entered);

    source.close();
    peer.expectEof();
    assertThat(log.told.poll(100, TimeUnit.MILLISECONDS)).isNull();
    released.countDown();

    log.expect("event 1", "closed");
    Outcome.of(client.stop());
    assertThat(log.told).isEmpty();
  }

  /** Although more are there. */
  @Test
  void listenerMayCloseItAndIsToldNoMore() throws Exception {
    ScriptedServer server = made.server();
    HttpClient client = made.client();
    CompletableFuture<EventSource> self = new CompletableFuture<>();
    EventListener closing =
        new EventListener() {
          @Override
          public void onEvent(ServerSentEvent event) {
            log.onEvent(event);
            self.join().close();
          }

          @Override
          public void onFailure(Throwable cause) {
            log.onFailure(cause);
          }

          @Override
          public void onClosed() {
            log.onClosed();
          }
        };
    self.complete(client.get(server.url("/")).events(closing));
    Peer peer = server.accept();
    peer.head();
    peer.send(STREAM + "data: 1\n\ndata: 2\n\n");

    log.expect("event 1", "closed");
    peer.expectEof();
    Outcome.of(client.stop());
    assertThat(log.told).isEmpty();
  }

  /** Who is told of the response may close it, which is as if it broke off. */
  @Test
  void streamWhoseResponseIsClosedIsAskedForAgain() throws Exception {
    ScriptedServer server = made.server();
    EventListener closing =
        new EventListener() {
          @Override
          public void onEvent(ServerSentEvent event) {}

          @Override
          public void onOpen(ClientResponse response) {
            response.close();
          }

          @Override
          public void onFailure(Throwable cause) {
            log.onFailure(cause);
          }
        };
    EventSource source = made.client().get(server.url("/")).events(closing);
    Peer peer = server.accept();
    peer.head();
    peer.send(STREAM);

    log.expect("failure the body was closed");
    assertThat(source.state()).isNotEqualTo(EventSource.State.CLOSED);
    source.close();
  }

  /** The body is for events, whatever a listener makes of the response. */
  @Test
  void listenerCannotReadTheBodyInItsPlace() throws Exception {
    ScriptedServer server = made.server();
    EventListener reading =
        new EventListener() {
          @Override
          public void onEvent(ServerSentEvent event) {
            log.onEvent(event);
          }

          @Override
          public void onOpen(ClientResponse response) {
            response.stream();
          }
        };
    EventSource source = made.client().get(server.url("/")).events(reading);
    Peer peer = server.accept();
    peer.head();
    peer.send(STREAM + "data: 1\n\n");

    log.expect("event 1");
    assertThat(made.events.await(RecordingEvents.Kind.CALLBACK_ERROR).error())
        .hasMessage("the body is being read already");
    source.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "3000, 0, 3000",
    "3000, 1, 6000",
    "3000, 4, 48000",
    "3000, 5, 60000",
    "3000, 1000000, 60000",
    "0, 0, 100",
    "0, 3, 800",
    "0, 1000000, 60000",
    "90000, 0, 90000",
    "90000, 9, 90000",
  })
  void waitsLongerEachTime(long retryMillis, int failures, long expected) {
    assertThat(EventSource.meanDelayMillis(retryMillis, failures)).isEqualTo(expected);
  }
}
