package io.httpkit.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.httpkit.channel.EventStreamParser.Message;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerSentEventTest {
  private static final String EVIL = "data: evil\nevent: evil\nid: evil\nretry: 1\n\ndata: more";

  /** The event between two others, which have to come through whatever it is. */
  private static EventStreamParser parse(ServerSentEvent event) {
    String before = ServerSentEvent.of("before").toText();
    String after = ServerSentEvent.of("after").toText();
    EventStreamParser parser = EventStreamParser.of(before + event.toText() + after);
    List<Message> messages = parser.messages;
    assertThat(messages.remove(0).data()).isEqualTo("before");
    assertThat(messages.remove(messages.size() - 1).data()).isEqualTo("after");
    return parser;
  }

  private static Message parseOne(ServerSentEvent event) {
    EventStreamParser parser = parse(event);
    assertThat(parser.messages).hasSize(1);
    return parser.messages.get(0);
  }

  private static String withNewlines(String text) {
    return text.replace("\r\n", "\n").replace('\r', '\n');
  }

  // ---- the text

  private static Stream<Arguments> texts() {
    ServerSentEvent event = ServerSentEvent.of("x");
    return Stream.of(
        Arguments.of(event, "data: x\n\n"),
        Arguments.of(ServerSentEvent.of(""), "data: \n\n"),
        Arguments.of(ServerSentEvent.of("\n"), "data: \ndata: \n\n"),
        Arguments.of(ServerSentEvent.of("a\nb"), "data: a\ndata: b\n\n"),
        Arguments.of(ServerSentEvent.of("a\rb"), "data: a\ndata: b\n\n"),
        Arguments.of(ServerSentEvent.of("a\r\nb"), "data: a\ndata: b\n\n"),
        Arguments.of(ServerSentEvent.of("a\n\rb"), "data: a\ndata: \ndata: b\n\n"),
        Arguments.of(ServerSentEvent.of("a\n"), "data: a\ndata: \n\n"),
        Arguments.of(ServerSentEvent.of("a\r"), "data: a\ndata: \n\n"),
        Arguments.of(ServerSentEvent.of(" a"), "data:  a\n\n"),
        Arguments.of(ServerSentEvent.of("type", "x"), "event: type\ndata: x\n\n"),
        Arguments.of(event.withId("7"), "id: 7\ndata: x\n\n"),
        Arguments.of(event.withId(""), "id: \ndata: x\n\n"),
        Arguments.of(event.withRetry(Duration.ofSeconds(3)), "retry: 3000\ndata: x\n\n"),
        Arguments.of(event.withComment("hi"), ": hi\ndata: x\n\n"),
        Arguments.of(event.withData("y"), "data: y\n\n"),
        Arguments.of(ServerSentEvent.comment(""), ": \n\n"),
        Arguments.of(ServerSentEvent.comment("a\nb"), ": a\n: b\n\n"),
        Arguments.of(
            ServerSentEvent.of("type", "x")
                .withId("7")
                .withRetry(Duration.ofMillis(5))
                .withComment("hi"),
            ": hi\nretry: 5\nid: 7\nevent: type\ndata: x\n\n"));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void textIsThatOfTheStream(ServerSentEvent event, String text) {
    assertThat(event.toText()).isEqualTo(text);
    assertThat(event).hasToString(text.strip());
  }

  // ---- no way out of a field

  private static final List<UnaryOperator<String>> PLACES =
      List.of(bad -> bad, bad -> bad + "x", bad -> "x" + bad, bad -> "x" + bad + EVIL);

  @ParameterizedTest
  @ValueSource(strings = {"\r", "\n", "\r\n", "\n\n", "\0"})
  void lineBreakOrNulInIdOrTypeIsRefused(String bad) {
    ServerSentEvent event = ServerSentEvent.of("data");
    for (UnaryOperator<String> place : PLACES) {
      String value = place.apply(bad);
      String end = " of an event must not contain a line break or NUL, but has one at ";
      assertThatIllegalArgumentException()
          .isThrownBy(() -> event.withId(value))
          .withMessage("id" + end + value.indexOf(bad));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> event.withEvent(value))
          .withMessage("event" + end + value.indexOf(bad));
      assertThatIllegalArgumentException().isThrownBy(() -> ServerSentEvent.of(value, "data"));
    }
  }

  private static Stream<String> oddValues() {
    return Stream.of(
        "\u2028",
        "\u2029",
        "\u0085",
        "\u000b",
        "\u000c",
        "\ufeff",
        "\t",
        ":",
        "a:b",
        ": a",
        " ",
        "  a ",
        "data: evil",
        "\ud83d\ude00",
        "\u00e9");
  }

  /** None of these ends a line of the stream. */
  @ParameterizedTest
  @MethodSource("oddValues")
  void whatIsNoLineBreakComesThroughInEachField(String value) {
    for (UnaryOperator<String> place : PLACES.subList(0, 3)) {
      String odd = place.apply(value);
      ServerSentEvent event = ServerSentEvent.of(odd, odd).withId(odd).withComment(odd);
      EventStreamParser parser = parse(event);

      assertThat(parser.messages).containsExactly(new Message(odd, odd, odd));
      assertThat(parser.comments).containsExactly(odd);
    }
  }

  private static Stream<String> dataWithLineBreaks() {
    return Stream.of("\r", "\n", "\r\n")
        .flatMap(
            end ->
                Stream.of(
                    end,
                    end + end,
                    end + end + end,
                    "a" + end,
                    end + "a",
                    "a" + end + "b",
                    "a" + end + end + "b" + end,
                    "a" + end + EVIL,
                    EVIL.replace("\n", end),
                    "a" + end + ": no comment",
                    "a\0" + end + "\0",
                    "\u2028" + end + "\u2029"));
  }

  @ParameterizedTest
  @MethodSource("dataWithLineBreaks")
  void dataStaysData(String data) {
    EventStreamParser parser = parse(ServerSentEvent.of("type", data).withId("id"));

    assertThat(parser.messages).containsExactly(new Message("type", withNewlines(data), "id"));
    assertThat(parser.comments).isEmpty();
    assertThat(parser.retry).isNull();
  }

  @ParameterizedTest
  @MethodSource("dataWithLineBreaks")
  void commentStaysAComment(String comment) {
    EventStreamParser parser = parse(ServerSentEvent.comment(comment));

    assertThat(parser.messages).isEmpty();
    assertThat(String.join("\n", parser.comments)).isEqualTo(withNewlines(comment));
    assertThat(parser.retry).isNull();
    assertThat(parser.lastEventId).isEmpty();
  }

  @Test
  void anyDataComesThrough() {
    Random random = new Random(20260101);
    String alphabet = "\r\n\r\n\0: adeitv\u2028\ufeff";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder data = new StringBuilder();
      for (int length = random.nextInt(12); length > 0; length--) {
        data.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      assertThat(parseOne(ServerSentEvent.of(data.toString())))
          .isEqualTo(new Message("message", withNewlines(data.toString()), ""));
    }
  }

  // ---- single fields

  @Test
  void emptyDataIsAnEvent() {
    assertThat(parseOne(ServerSentEvent.of(""))).isEqualTo(new Message("message", "", ""));
  }

  @Test
  void emptyTypeIsThatOfAMessage() {
    assertThat(parseOne(ServerSentEvent.of("", "x"))).isEqualTo(new Message("message", "x", ""));
  }

  @Test
  void idIsKeptUntilAnEmptyOne() {
    ServerSentEvent event = ServerSentEvent.of("x");
    EventStreamParser parser =
        EventStreamParser.of(
            event.withId("7").toText()
                + event.toText()
                + event.withId("").toText()
                + event.toText());

    assertThat(parser.messages).extracting(Message::lastEventId).containsExactly("7", "7", "", "");
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0",
    "PT0.001S, 1",
    "PT0.0019S, 1",
    "PT0.0009S, 0",
    "PT3S, 3000",
    "P365D, 31536000000"
  })
  void retryIsInMilliseconds(Duration retry, long millis) {
    EventStreamParser parser = parse(ServerSentEvent.of("x").withRetry(retry));

    assertThat(parser.retry).isEqualTo(millis);
    assertThat(parser.messages).containsExactly(new Message("message", "x", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-0.000000001S", "PT-1S", "P-365D", "P365DT1S", "PT2562047788015215H"})
  void retryOutOfRangeIsRefused(Duration retry) {
    ServerSentEvent event = ServerSentEvent.of("x");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> event.withRetry(retry))
        .withMessage("retry must be 0 to 365 days but was " + retry);
  }

  // ---- values

  @Test
  void fieldsAreThoseThatWereGiven() {
    ServerSentEvent event =
        ServerSentEvent.of("type", "a\r\nb")
            .withId("7")
            .withRetry(Duration.ofSeconds(1))
            .withComment("c");

    assertThat(event.event()).isEqualTo("type");
    assertThat(event.data()).isEqualTo("a\r\nb");
    assertThat(event.id()).isEqualTo("7");
    assertThat(event.retry()).isEqualTo(Duration.ofSeconds(1));
    assertThat(event.comment()).isEqualTo("c");
  }

  @Test
  void fieldsThatWereNotGivenAreNull() {
    ServerSentEvent event = ServerSentEvent.of("data");
    assertThat(event.event()).isNull();
    assertThat(event.id()).isNull();
    assertThat(event.retry()).isNull();
    assertThat(event.comment()).isNull();
    assertThat(ServerSentEvent.comment("c").data()).isNull();
  }

  @Test
  void changedCopyLeavesTheEventAsItIs() {
    ServerSentEvent event = ServerSentEvent.of("a");
    assertThat(
            List.of(
                event.withId("i").toText(),
                event.withEvent("e").toText(),
                event.withData("d").toText(),
                event.withRetry(Duration.ZERO).toText(),
                event.withComment("c").toText()))
        .doesNotContain(event.toText());

    assertThat(event.toText()).isEqualTo("data: a\n\n");
  }
}
