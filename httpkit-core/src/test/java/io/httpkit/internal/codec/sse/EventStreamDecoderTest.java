package io.httpkit.internal.codec.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.httpkit.channel.ServerSentEvent;
import io.httpkit.http.BadMessageException;
import io.httpkit.http.Status;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventStreamDecoderTest {
  private static final int MAX_LINE = 40;
  private static final int MAX_EVENT = 60;

  /**
   * A row: a stream and the words for what comes of it. {@code type/data/id} is an event, {@code
   * last=id} and {@code retry=ms} stand behind them if they are known, and a status that refuses.
   */
  @SuppressWarnings("ArrayRecordComponent") // rows are not compared
  private record Row(byte[] bytes, List<String> expected) {
    @Override
    public String toString() {
      return new String(bytes, StandardCharsets.UTF_8).replaceAll("[^ -~]", "?");
    }
  }

  private static Row row(String stream, String... expected) {
    return row(stream.getBytes(StandardCharsets.UTF_8), expected);
  }

  private static Row row(byte[] stream, String... expected) {
    return new Row(stream, List.of(expected));
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static Stream<Row> rows() {
    return Stream.of(lines(), fields(), ids(), retries(), characters(), limits())
        .flatMap(rows -> rows);
  }

  private static Stream<Row> lines() {
    return Stream.of(
        row(""),
        row("data: a\n\n", "/a/"),
        row("data: a\r\r", "/a/"),
        row("data: a\r\n\r\n", "/a/"),
        row("data: a\n\r", "/a/"),
        row("data: a\r\n\n", "/a/"),
        row("data: a\r\n\r", "/a/"),
        row("data: a\rdata: b\ndata: c\r\n\r\n", "/a\nb\nc/"),
        row("data: a\n\ndata: b\n\n", "/a/", "/b/"),
        row("data: a\r\rdata: b\r\r", "/a/", "/b/"),
        row("data: a\r\n\r\ndata: b\r\n\r\n", "/a/", "/b/"),
        row("\n\r\r\n\ndata: a\n\n\n\n", "/a/"),
        row("data: a\n"),
        row("data: a"),
        row("data: a\n\ndata: b", "/a/"),
        row(":\n: comment\ndata: a\n:data: b\n\n", "/a/"),
        row(": comment\n\n"));
  }

  private static Stream<Row> fields() {
    return Stream.of(
        row("data:a\n\n", "/a/"),
        row("data:  a \n\n", "/ a /"),
        row("data:\ta\n\n", "/\ta/"),
        row("data: a:b: c\n\n", "/a:b: c/"),
        row("data\n\n", "//"),
        row("data:\n\n", "//"),
        row("data: \n\n", "//"),
        row("data\ndata\n\n", "/\n/"),
        row("data: a\ndata\n\n", "/a\n/"),
        row("event: e\ndata: a\n\n", "e/a/"),
        row("event: e\nevent: f\ndata: a\n\n", "f/a/"),
        row("data: a\nevent: e\n\ndata: b\n\n", "e/a/", "/b/"),
        row("event: e\n\ndata: a\n\n", "/a/"),
        row("event: e\nevent\ndata: a\n\n", "/a/"),
        row("event: e\0\ndata: a\n\n", "/a/"),
        row("Data: a\n\n"),
        row(" data: a\n\n"),
        row("data : a\n\n"),
        row("dat: a\nx: y\nfoo\n\n"),
        row("data: a\0b\n\n", "/a\0b/"));
  }

  private static Stream<Row> ids() {
    return Stream.of(
        row("id: 1\ndata: a\n\n", "/a/1", "last=1"),
        row("id: 1\ndata: a\n\ndata: b\n\n", "/a/1", "/b/1", "last=1"),
        row("id: 1\ndata: a\n\nid\ndata: b\n\n", "/a/1", "/b/"),
        row("id: 1\ndata: a\n\nid: \ndata: b\n\n", "/a/1", "/b/"),
        row("id: 1\n\ndata: a\n\n", "/a/1", "last=1"),
        row("id: 1\n\n", "last=1"),
        row("id: 1\n"),
        row("id: 1\nid: 2\ndata: a\n\nid: 3\n", "/a/2", "last=2"),
        row("id: 1\nid: 2\0\ndata: a\n\n", "/a/1", "last=1"));
  }

  private static Stream<Row> retries() {
    return Stream.of(
        row("retry: 1000\n\n", "retry=1000"),
        row("retry: 1000\n", "retry=1000"),
        row("retry: 0\ndata: a\n\n", "/a/", "retry=0"),
        row("retry: 5\nretry: x\n", "retry=5"),
        row("retry: -1\n"),
        row("retry: +1\n"),
        row("retry: 1.5\n"),
        row("retry: 1 \n"),
        row("retry: \u0661\n"),
        row("retry\n"),
        row("retry: 007\n", "retry=7"),
        row("retry: 99999999999999999999999999\n", "retry=31536000000"));
  }

  private static Stream<Row> characters() {
    return Stream.of(
        row("\ufeffdata: a\n\n", "/a/"),
        row("\ufeff\ndata: a\n\n", "/a/"),
        row("\ufeff\r\ndata: a\n\n", "/a/"),
        row("\ufeff\ufeffdata: a\n\n"),
        row("\n\ufeffdata: a\n\n"),
        row("data: a\n\n\ufeffdata: b\n\n", "/a/"),
        row("data: \ufeffa\n\n", "/\ufeffa/"),
        row("data: gr\u00fcn \u20ac \ud83d\ude00\n\n", "/gr\u00fcn \u20ac \ud83d\ude00/"),
        row("data: \u2028\u0085\u000b\u000c\n\n", "/\u2028\u0085\u000b\u000c/"),
        row(bytes('d', 'a', 't', 'a', ':', 0xff, '\n', '\n'), "/\ufffd/"),
        row(bytes('d', 'a', 't', 'a', ':', 0xe2, 0x82, '\n', '\n'), "/\ufffd/"),
        row(bytes(0xef, 0xbb, '\n', 'd', 'a', 't', 'a', '\n', '\n'), "//"));
  }

  private static Stream<Row> limits() {
    String longest = "data: " + "x".repeat(MAX_LINE - "data: ".length());
    String half = "data: " + "y".repeat(MAX_EVENT / 2 - 1 - "data: ".length()) + "\n";
    String many = ": comment\nid: 12345\nevent: 12345\n".repeat(20);
    return Stream.of(
        row(longest + "\n\n", "/" + longest.substring(6) + "/"),
        row(longest),
        row(longest + "x", "502"),
        row(longest + "x\n\n", "502"),
        row(":" + "c".repeat(MAX_LINE), "502"),
        row(half + half + "\n", "/" + (half + half).replace("data: ", "").strip() + "/"),
        row(half + half + "data\n", "502"),
        row("data\n".repeat(12) + "\n", "/" + "\n".repeat(11) + "/"),
        row("data\n".repeat(13), "502"),
        row((half + "\n").repeat(2), event(half), event(half)),
        row(many + "data: a\n\n", "12345/a/12345", "last=12345"));
  }

  private static String event(String line) {
    return "/" + line.substring("data: ".length()).strip() + "/";
  }

  @ParameterizedTest
  @MethodSource("rows")
  void decodesTheSameHoweverTheBytesAreSplit(Row row) {
    int length = row.bytes().length;
    assertThat(decode(row.bytes())).as("whole").isEqualTo(row.expected());
    assertThat(decode(row.bytes(), IntStream.range(1, length).toArray()))
        .as("byte by byte")
        .isEqualTo(row.expected());
    for (int cut = 1; cut < length; cut++) {
      assertThat(decode(row.bytes(), cut)).as("cut at %d", cut).isEqualTo(row.expected());
    }
  }

  private static List<String> decode(byte[] stream, int... cuts) {
    EventStreamDecoder decoder = new EventStreamDecoder("", MAX_LINE, MAX_EVENT);
    List<String> words = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= cuts.length; i++) {
      int to = i < cuts.length ? cuts[i] : stream.length;
      try {
        decode(decoder, ByteBuffer.wrap(Arrays.copyOfRange(stream, from, to)), words);
      } catch (BadMessageException e) {
        words.add(Integer.toString(e.status().code()));
        return words;
      }
      from = to;
    }
    if (!decoder.lastEventId().isEmpty()) {
      words.add("last=" + decoder.lastEventId());
    }
    if (decoder.retryMillis() >= 0) {
      words.add("retry=" + decoder.retryMillis());
    }
    return words;
  }

  private static void decode(EventStreamDecoder decoder, ByteBuffer in, List<String> words) {
    for (ServerSentEvent event = decoder.next(in); event != null; event = decoder.next(in)) {
      words.add(orEmpty(event.event()) + "/" + event.data() + "/" + orEmpty(event.id()));
      assertThat(event.retry()).isNull();
      assertThat(event.comment()).isNull();
    }
    assertThat(in.hasRemaining()).isFalse();
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  @Test
  void aStreamThatGoesOnKeepsTheIdOfTheOneBefore() {
    EventStreamDecoder decoder = new EventStreamDecoder("7", MAX_LINE, MAX_EVENT);
    assertThat(decoder.lastEventId()).isEqualTo("7");

    ServerSentEvent event =
        decoder.next(ByteBuffer.wrap("data: a\n\n".getBytes(StandardCharsets.UTF_8)));

    assertThat(event).isNotNull().extracting(ServerSentEvent::id).isEqualTo("7");
  }

  @Test
  void refusalSaysWhichBound() {
    EventStreamDecoder decoder = new EventStreamDecoder("", 3, MAX_EVENT);
    assertThatExceptionOfType(BadMessageException.class)
        .isThrownBy(() -> decoder.next(ByteBuffer.allocate(4)))
        .withMessage("line of more than 3 bytes in a stream of events")
        .satisfies(e -> assertThat(e.status()).isEqualTo(Status.BAD_GATEWAY));
  }

  /** What this library sends, it reads as it was. */
  @Test
  void anyEventComesThrough() {
    Random random = new Random(20260101);
    for (int round = 0; round < 5_000; round++) {
      String data = text(random, "\r\n\0: adeitv\u2028\ufeff\u00fc");
      String word = text(random, ": adeitv\u2028\u00fc");
      ServerSentEvent sent =
          ServerSentEvent.of(word, data).withId(word).withRetry(Duration.ofMillis(round));
      EventStreamDecoder decoder = new EventStreamDecoder("", 1000, 1000);
      ByteBuffer in = ByteBuffer.wrap(sent.toText().getBytes(StandardCharsets.UTF_8));

      List<String> words = new ArrayList<>();
      decode(decoder, in, words);

      String lines = data.replace("\r\n", "\n").replace('\r', '\n');
      assertThat(words).containsExactly(word + "/" + lines + "/" + word);
      assertThat(decoder.retryMillis()).isEqualTo(round);
    }
  }

  private static String text(Random random, String alphabet) {
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(12); length > 0; length--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
