package io.httpkit.internal.codec.socks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Status;
import io.httpkit.internal.codec.socks.SocksEvent.Connected;
import io.httpkit.internal.codec.socks.SocksEvent.Refused;
import io.httpkit.internal.codec.socks.SocksEvent.Send;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class Socks5HandshakeTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final SocksLogin LOGIN = new SocksLogin("me", "pass");
  private static final String CONNECT_A = "050100030161" + "01bb";
  private static final String SEND_LOGIN = "01026d650470617373";
  private static final String GRANTED = "05000001" + "7f000001" + "1f90";

  /** A row: what the proxy sends, and the words for what comes of it. */
  private record Row(String name, @Nullable SocksLogin login, String hex, List<String> expected) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Row row(String name, @Nullable SocksLogin login, String hex, String... expected) {
    return new Row(name, login, hex, List.of(expected));
  }

  private static Stream<Row> rows() {
    return Stream.of(methods(), logins(), replies()).flatMap(rows -> rows);
  }

  private static Stream<Row> methods() {
    String open = "send " + CONNECT_A;
    return Stream.of(
        row("none", null, "0500", open),
        row("none, though offered", LOGIN, "0500", open),
        row("login", LOGIN, "0502", "send " + SEND_LOGIN),
        row("nothing yet", null, ""),
        row("a byte", null, "05"),
        row("no method", null, "05ff", "refused: it wants a user and a password"),
        row("no method of two", LOGIN, "05ff", "refused: it wants another login"),
        row("login that was not offered", null, "0502", "502"),
        row("GSSAPI", LOGIN, "0501", "502"),
        row("SOCKS4", null, "04", "502"),
        row(
            "HTTP",
            null,
            HEX.formatHex("HTTP/1.1 400".getBytes(StandardCharsets.US_ASCII)),
            "502"));
  }

  private static Stream<Row> logins() {
    String login = "send " + SEND_LOGIN;
    return Stream.of(
        row("known", LOGIN, "0502" + "0100", login, "send " + CONNECT_A),
        row("unknown", LOGIN, "0502" + "0101", login, "refused: user or password is wrong"),
        row("wrong status", LOGIN, "0502" + "01ff", login, "refused: user or password is wrong"),
        row("wrong version", LOGIN, "0502" + "0500", login, "502"),
        row("whole", LOGIN, "0502" + "0100" + GRANTED, login, "send " + CONNECT_A, "connected"));
  }

  private static Stream<Row> replies() {
    String[] reasons = {
      "general failure",
      "connection not allowed by its rules",
      "network unreachable",
      "host unreachable",
      "connection refused",
      "time to live expired",
      "command not supported",
      "kind of address not supported",
      "unknown reason 9"
    };
    return Stream.concat(
        Stream.of(
            reply("IPv4", GRANTED, "connected"),
            reply("IPv6", "05000004" + "00".repeat(16) + "0000", "connected"),
            reply("name", "05000003" + "03616263" + "0000", "connected"),
            reply("empty name", "05000003" + "00" + "0000", "connected"),
            reply("long name", "05000003" + "ff" + "61".repeat(255) + "0000", "connected"),
            reply("bytes behind", GRANTED + "48545450", "connected", "left 48545450"),
            reply("unfinished", GRANTED.substring(0, GRANTED.length() - 2)),
            reply("unknown kind", "05000002" + "00", "502"),
            reply("wrong version", "04", "502")),
        IntStream.range(0, reasons.length)
            .mapToObj(i -> reply(reasons[i], "050" + (i + 1), "refused: " + reasons[i])));
  }

  private static Row reply(String name, String hex, String... expected) {
    String[] all =
        Stream.concat(Stream.of("send " + CONNECT_A), Stream.of(expected)).toArray(String[]::new);
    return row("reply: " + name, null, "0500" + hex, all);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void asksTheSameHoweverTheBytesAreSplit(Row row) {
    byte[] bytes = HEX.parseHex(row.hex());
    assertThat(outcome(row, bytes)).as("whole").isEqualTo(row.expected());
    assertThat(outcome(row, bytes, IntStream.range(1, bytes.length).toArray()))
        .as("byte by byte")
        .isEqualTo(row.expected());
    for (int cut = 1; cut < bytes.length; cut++) {
      assertThat(outcome(row, bytes, cut)).as("cut at %d", cut).isEqualTo(row.expected());
    }
  }

  /** What is left is offered again, with more behind it. */
  private static List<String> outcome(Row row, byte[] bytes, int... cuts) {
    Socks5Handshake handshake = new Socks5Handshake("a", null, 443, row.login());
    List<String> words = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    for (int i = 0; i <= cuts.length && isOpen(words); i++) {
      in.limit(i < cuts.length ? cuts[i] : bytes.length);
      pull(handshake, in, words);
    }
    in.limit(bytes.length);
    if (words.contains("connected") && in.hasRemaining()) {
      words.add("left " + HEX.formatHex(bytes, in.position(), bytes.length));
    }
    return words;
  }

  private static boolean isOpen(List<String> words) {
    return words.stream().noneMatch(word -> word.matches("connected|502|refused.*"));
  }

  private static void pull(Socks5Handshake handshake, ByteBuffer in, List<String> words) {
    try {
      while (isOpen(words)) {
        SocksEvent event = handshake.next(in);
        if (event == null) {
          return;
        }
        words.add(word(event));
      }
    } catch (BadMessageException e) {
      assertThat(e.status()).isEqualTo(Status.BAD_GATEWAY);
      words.add("502");
    }
  }

  private static String word(SocksEvent event) {
    if (event instanceof Send some) {
      return "send " + hex(some.bytes());
    }
    if (event instanceof Refused refused) {
      return "refused: " + refused.reason();
    }
    assertThat(event).isInstanceOf(Connected.class);
    return "connected";
  }

  private static String hex(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return HEX.formatHex(copy);
  }

  @Test
  void greetingOffersALoginOnlyIfThereIsOne() {
    assertThat(hex(new Socks5Handshake("a", null, 443, null).greeting())).isEqualTo("050100");
    assertThat(hex(new Socks5Handshake("a", null, 443, LOGIN).greeting())).isEqualTo("05020002");
  }

  @Test
  void nothingIsPulledBehindTheEnd() {
    Socks5Handshake handshake = new Socks5Handshake("a", null, 443, null);
    assertThat(handshake.next(ByteBuffer.wrap(HEX.parseHex("05ff")))).isInstanceOf(Refused.class);

    assertThatIllegalStateException()
        .isThrownBy(() -> handshake.next(ByteBuffer.allocate(0)))
        .withMessage("the handshake has ended");
  }

  // ---- addresses

  @ParameterizedTest
  @CsvSource({
    "a.example, , 03 09 612e6578616d706c65",
    "1.2.3, , 03 05 312e322e33",
    "1.2.3.256, , 03 09 312e322e332e323536",
    "192.0.2.255, c00002ff, 01 c00002ff",
    "0.0.0.0, 00000000, 01 00000000",
    "::, 00000000000000000000000000000000, 04 00000000000000000000000000000000",
    "2001:db8::A, 20010db800000000000000000000000a, 04 20010db800000000000000000000000a"
  })
  void addressIsOfItsKind(String host, @Nullable String address, String expected) {
    Socks5Handshake handshake =
        new Socks5Handshake(host, address == null ? null : HEX.parseHex(address), 65535, null);
    SocksEvent chosen = handshake.next(ByteBuffer.wrap(HEX.parseHex("0500")));

    assertThat(chosen)
        .isInstanceOfSatisfying(
            Send.class,
            event ->
                assertThat(hex(event.bytes()))
                    .isEqualTo("050100" + expected.replace(" ", "") + "ffff"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\n", "gr\u00fcn"})
  void otherNamesAreRefused(String host) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Socks5Handshake(host, null, 80, null));
  }

  @Test
  void nameHasAtMost255Characters() {
    Socks5Handshake handshake = new Socks5Handshake("a".repeat(255), null, 80, null);
    assertThat(handshake.next(ByteBuffer.wrap(HEX.parseHex("0500"))))
        .isInstanceOfSatisfying(
            Send.class,
            event -> assertThat(hex(event.bytes())).startsWith("05010003ff6161").hasSize(2 * 262));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Socks5Handshake("a".repeat(256), null, 80, null));
  }

  @Test
  void portIsThatOfAHost() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Socks5Handshake("a", null, 0, null));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Socks5Handshake("a", null, 65536, null));
  }

  // ---- login

  @Test
  void loginIsOfUpTo255BytesEach() {
    String longest = "\u00fc".repeat(127) + "x";
    assertThat(hex(new SocksLogin(longest, longest).encode()))
        .isEqualTo("01ff" + "c3bc".repeat(127) + "78" + "ff" + "c3bc".repeat(127) + "78");
    for (String bad : List.of("", longest + "x")) {
      assertThatIllegalArgumentException().isThrownBy(() -> new SocksLogin(bad, "p"));
      assertThatIllegalArgumentException().isThrownBy(() -> new SocksLogin("u", bad));
    }
  }

  @Test
  void loginDoesNotShowItsPassword() {
    assertThat(LOGIN).hasToString("SocksLogin[user=me]");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new SocksLogin("u", "secret".repeat(50)))
        .withMessageNotContaining("secret");
  }
}
