package io.httpkit.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.httpkit.channel.FakeChannel.Kind;
import io.httpkit.channel.FakeChannel.Sent;
import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import io.httpkit.http.ResponseMessage;
import io.httpkit.http.Status;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which method an object is sent by. */
class SendingTest {
  private record Answer(Status status, Headers headers, Body body) implements ResponseMessage {}

  /** By which method each is sent, and whether it is an event. */
  private static Stream<Arguments> data() {
    return Stream.of(
        Arguments.of("text", "text"),
        Arguments.of("bytes", ByteBuffer.wrap(new byte[] {1, 2})),
        Arguments.of("bytes", ByteBuffer.allocateDirect(2).asReadOnlyBuffer()),
        Arguments.of("stream", new ByteArrayInputStream(new byte[] {1})),
        Arguments.of("file", Path.of("file.txt")),
        Arguments.of("event", ServerSentEvent.of("data")),
        Arguments.of("response", new Answer(Status.OK, Headers.of(), Body.of(""))),
        Arguments.of("shared", SharedMessage.of("text")));
  }

  private static Sent onlyOneOf(FakeChannel channel) {
    assertThat(channel.sent).hasSize(1);
    return channel.sent.element();
  }

  @ParameterizedTest
  @MethodSource("data")
  void objectIsSentByTheMethodOfItsType(String method, Object data) {
    for (Kind kind : Kind.values()) {
      for (boolean close : List.of(true, false)) {
        FakeChannel channel = new FakeChannel(kind);
        assertThat(channel.send(data, close)).isTrue();
        assertThat(onlyOneOf(channel)).isEqualTo(new Sent(method, data, close));
        assertThat(channel.isOpen()).isEqualTo(!close);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("data")
  void objectIsSentWithTheDefaultOfItsType(String method, Object data) {
    for (Kind kind : Kind.values()) {
      FakeChannel channel = new FakeChannel(kind);
      boolean closes = kind == Kind.RESPONSE && !method.equals("event");
      assertThat(channel.closesAfterSend()).isEqualTo(kind == Kind.RESPONSE);

      assertThat(channel.send(data)).isTrue();

      assertThat(onlyOneOf(channel)).isEqualTo(new Sent(method, data, closes));
    }
  }

  @ParameterizedTest
  @EnumSource
  void bytesAreSentAsABufferOfThem(Kind kind) {
    byte[] bytes = {1, 2, 3};
    boolean closes = kind == Kind.RESPONSE;
    FakeChannel typed = new FakeChannel(kind);
    FakeChannel typedWithClose = new FakeChannel(kind);
    FakeChannel object = new FakeChannel(kind);
    FakeChannel objectWithClose = new FakeChannel(kind);

    assertThat(typed.send(bytes)).isTrue();
    assertThat(typedWithClose.send(bytes, true)).isTrue();
    assertThat(object.send((Object) bytes)).isTrue();
    assertThat(objectWithClose.send((Object) bytes, true)).isTrue();

    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    assertThat(onlyOneOf(typed)).isEqualTo(new Sent("bytes", buffer, closes));
    assertThat(onlyOneOf(object)).isEqualTo(new Sent("bytes", buffer, closes));
    assertThat(onlyOneOf(typedWithClose)).isEqualTo(new Sent("bytes", buffer, true));
    assertThat(onlyOneOf(objectWithClose)).isEqualTo(new Sent("bytes", buffer, true));
  }

  @ParameterizedTest
  @EnumSource
  void typedMethodsHaveTheDefaultsOfTheirTypes(Kind kind) {
    boolean closes = kind == Kind.RESPONSE;
    List<Sent> expected =
        List.of(
            sentBy(kind, channel -> channel.send("a")),
            sentBy(kind, channel -> channel.send(ByteBuffer.allocate(1))),
            sentBy(kind, channel -> channel.send(new ByteArrayInputStream(new byte[0]))),
            sentBy(kind, channel -> channel.send(Path.of("a"))),
            sentBy(kind, channel -> channel.send(new Answer(Status.OK, Headers.of(), Body.of("")))),
            sentBy(kind, channel -> channel.send(SharedMessage.of("a"))));

    assertThat(expected).allMatch(sent -> sent.closeAfterSend() == closes);
    assertThat(sentBy(kind, channel -> channel.send(ServerSentEvent.of("a"))).closeAfterSend())
        .isFalse();
  }

  private interface Send {
    boolean to(AsyncChannel channel);
  }

  private static Sent sentBy(Kind kind, Send send) {
    FakeChannel channel = new FakeChannel(kind);
    assertThat(send.to(channel)).isTrue();
    return onlyOneOf(channel);
  }

  @ParameterizedTest
  @EnumSource
  void nullSendsNothing(Kind kind) {
    FakeChannel byDefault = new FakeChannel(kind);
    FakeChannel closing = new FakeChannel(kind);
    FakeChannel open = new FakeChannel(kind);

    assertThat(byDefault.send((Object) null)).isTrue();
    assertThat(closing.send((Object) null, true)).isTrue();
    assertThat(open.send((Object) null, false)).isTrue();

    assertThat(byDefault.isOpen()).isEqualTo(kind != Kind.RESPONSE);
    assertThat(closing.isOpen()).isFalse();
    assertThat(open.isOpen()).isTrue();
    assertThat(List.of(byDefault, closing, open)).allMatch(channel -> channel.sent.isEmpty());
  }

  @Test
  void nullToAClosedChannelIsNotSent() {
    FakeChannel channel = new FakeChannel(Kind.RESPONSE);
    channel.close();

    assertThat(channel.send((Object) null)).isFalse();
    assertThat(channel.send((Object) null, true)).isFalse();
    assertThat(channel.send((Object) null, false)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("data")
  void nothingIsSentToAClosedChannel(String method, Object data) {
    FakeChannel channel = new FakeChannel(Kind.WEB_SOCKET);
    channel.close();

    assertThat(channel.send(data)).as(method).isFalse();
    assertThat(channel.sent).isEmpty();
  }

  private static Stream<Object> foreign() {
    return Stream.of(
        1, 'c', CharBuffer.wrap("text"), new char[] {'c'}, List.of("a"), new Object(), true);
  }

  @ParameterizedTest
  @MethodSource("foreign")
  void objectOfAnotherTypeIsRefused(Object data) {
    FakeChannel channel = new FakeChannel(Kind.WEB_SOCKET);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> channel.send(data))
        .withMessageStartingWith("cannot send a " + data.getClass().getName() + ", only String,");
    assertThatIllegalArgumentException().isThrownBy(() -> channel.send(data, true));

    assertThat(channel.sent).isEmpty();
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void closeWithoutACodeIsNormal() {
    FakeChannel channel = new FakeChannel(Kind.WEB_SOCKET);

    assertThat(channel.close()).isTrue();
    assertThat(channel.close()).isFalse();

    assertThat(channel.status()).isEqualTo(CloseStatus.of(CloseStatus.Kind.NORMAL, ""));
  }
}
