package io.httpkit.internal.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.internal.codec.http1.Http1Encoder.Persistence;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Http1EncoderTest {
  private static final DefaultFields NONE = new DefaultFields("", "");
  private static final DefaultFields BOTH = new DefaultFields("Thu, 01 Jan 1970", "here");

  /** Headers that were not checked when they were made. */
  private static final class Unchecked extends Headers {
    private final List<String> namesAndValues;

    Unchecked(String... namesAndValues) {
      this.namesAndValues = List.of(namesAndValues);
    }

    @Override
    public int size() {
      return namesAndValues.size() / 2;
    }

    @Override
    public String name(int index) {
      return namesAndValues.get(2 * index);
    }

    @Override
    public String value(int index) {
      return namesAndValues.get(2 * index + 1);
    }
  }

  private static String head(
      Status status,
      Headers headers,
      DefaultFields defaults,
      long length,
      Persistence persistence) {
    int bound = Http1Encoder.headBytes(status, headers) + defaults.maxBytes();
    ByteBuffer out = ByteBuffer.allocate(bound);
    Http1Encoder.head(out, status, headers, defaults, length, persistence);
    return text(out);
  }

  private static String head(Status status, String... namesAndValues) {
    return head(
        status, new Unchecked(namesAndValues), NONE, Http1Encoder.NO_LENGTH, Persistence.IMPLICIT);
  }

  private static String text(ByteBuffer written) {
    return StandardCharsets.ISO_8859_1.decode(written.flip()).toString();
  }

  // ---- status line

  @Test
  void statusLineHasCodeAndReason() {
    assertThat(head(Status.OK)).isEqualTo("HTTP/1.1 200 OK\r\n\r\n");
    assertThat(head(Status.NOT_FOUND)).isEqualTo("HTTP/1.1 404 Not Found\r\n\r\n");
    assertThat(head(new Status(200, "Fine"))).isEqualTo("HTTP/1.1 200 Fine\r\n\r\n");
    assertThat(head(new Status(999, "a~b"))).isEqualTo("HTTP/1.1 999 a~b\r\n\r\n");
  }

  @Test
  void statusLineWithoutReasonKeepsItsSecondSpace() {
    assertThat(head(Status.of(299))).isEqualTo("HTTP/1.1 299 \r\n\r\n");
    assertThat(head(new Status(200, ""))).isEqualTo("HTTP/1.1 200 \r\n\r\n");
  }

  // ---- framing

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        1,
        9,
        10,
        11,
        99,
        100,
        999_999_999,
        1_000_000_000,
        Integer.MAX_VALUE,
        Integer.MAX_VALUE + 1L,
        999_999_999_999_999_999L,
        1_000_000_000_000_000_000L,
        Long.MAX_VALUE
      })
  void lengthIsDecimal(long length) {
    assertThat(head(Status.OK, Headers.empty(), NONE, length, Persistence.IMPLICIT))
        .isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
  }

  @Test
  void chunksAreAnnounced() {
    assertThat(head(Status.OK, Headers.empty(), NONE, Http1Encoder.CHUNKED, Persistence.IMPLICIT))
        .isEqualTo("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length",
        "content-length",
        "CONTENT-LENGTH",
        "Transfer-Encoding",
        "tRANSFER-eNCODING",
        "Connection",
        "connection"
      })
  void framingOfTheApplicationIsLeftOut(String name) {
    Headers headers = Headers.of("A", "1", name, "5", "B", "2", name, "gzip");

    assertThat(head(Status.OK, headers, NONE, 7, Persistence.IMPLICIT))
        .isEqualTo("HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\nContent-Length: 7\r\n\r\n");
    assertThat(head(Status.OK, headers, NONE, Http1Encoder.NO_LENGTH, Persistence.IMPLICIT))
        .isEqualTo("HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content_Length",
        "Content-Lengths",
        "XContent-Length",
        "Content-Lengt",
        "Transfer+Encoding",
        "Connections",
        "Dat",
        "Dato",
        "Servex",
        "Keep-Alive",
        "Upgrade"
      })
  void fieldsOfLikeNamesStay(String name) {
    assertThat(head(Status.OK, name, "5")).isEqualTo("HTTP/1.1 200 OK\r\n" + name + ": 5\r\n\r\n");
  }

  @ParameterizedTest
  @CsvSource({
    "IMPLICIT, ''",
    "KEEP_ALIVE, 'Connection: keep-alive\r\n'",
    "CLOSE, 'Connection: close\r\n'"
  })
  void persistenceIsSaidWhereItHasTo(Persistence persistence, String line) {
    assertThat(head(Status.OK, Headers.of("Connection", "upgrade"), NONE, 0, persistence))
        .isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + line + "\r\n");
  }

  // ---- default fields

  @Test
  void defaultFieldsAreAddedUnlessTheApplicationSetsThem() {
    String server = "Server: here\r\n";
    String date = "Date: Thu, 01 Jan 1970\r\n";

    assertThat(withDefaults(BOTH)).isEqualTo(server + date);
    assertThat(withDefaults(BOTH, "X", "y")).isEqualTo("X: y\r\n" + server + date);
    assertThat(withDefaults(BOTH, "Date", "now")).isEqualTo("Date: now\r\n" + server);
    assertThat(withDefaults(BOTH, "dATE", "now")).isEqualTo("dATE: now\r\n" + server);
    assertThat(withDefaults(BOTH, "server", "me")).isEqualTo("server: me\r\n" + date);
    assertThat(withDefaults(BOTH, "Server", "me", "Date", "now"))
        .isEqualTo("Server: me\r\nDate: now\r\n");
    assertThat(withDefaults(NONE, "Server", "me", "Date", "now"))
        .isEqualTo("Server: me\r\nDate: now\r\n");
  }

  private static String withDefaults(DefaultFields defaults, String... namesAndValues) {
    Headers headers = Headers.of(namesAndValues);
    String head = head(Status.OK, headers, defaults, Http1Encoder.NO_LENGTH, Persistence.IMPLICIT);
    assertThat(head).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n");
    return head.substring("HTTP/1.1 200 OK\r\n".length(), head.length() - 2);
  }

  // ---- injection

  @Test
  void nameIsAToken() {
    for (char c = 0; c < 300; c++) {
      boolean token =
          (c < 128 && Character.isLetterOrDigit(c)) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
      String name = "X" + c + "Y";
      if (token) {
        assertThat(head(Status.OK, name, "z")).contains("\r\n" + name + ": z\r\n");
      } else {
        assertRefused(name, "z");
      }
    }
    assertRefused("", "z");
    assertRefused("X\r\nY: z", "z");
    assertRefused("X:", "z");
    assertRefused(" X", "z");
  }

  @Test
  void valueIsLatin1WithoutControlCharacters() {
    for (char c = 0; c < 300; c++) {
      String value = "a" + c + "b";
      if (c == '\t' || (c >= ' ' && c != 0x7f && c <= 0xff)) {
        assertThat(head(Status.OK, "X", value)).endsWith("\r\nX: " + value + "\r\n\r\n");
      } else {
        assertRefused("X", value);
      }
    }
    assertRefused("X", "a\r\nSet-Cookie: b");
    assertRefused("X", "a\r\n\r\n<script>");
    assertRefused("X", "\u010d\u010a");
    assertRefused("Date", "a\r\nb: c");
    assertRefused("Server", "a\nb: c");
  }

  private static void assertRefused(String name, String value) {
    assertThatIllegalArgumentException().isThrownBy(() -> head(Status.OK, name, value));
  }

  // ---- where it writes

  @Test
  void writesBehindWhatTheBufferHolds() {
    ByteBuffer out = ByteBuffer.wrap(new byte[400], 100, 300).slice();
    out.put((byte) '>');

    Http1Encoder.head(out, Status.OK, Headers.of("X", "y"), NONE, 12, Persistence.CLOSE);

    assertThat(text(out))
        .isEqualTo(">HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 12\r\nConnection: close\r\n\r\n");
  }

  @Test
  void headBytesIsAnUpperBound() {
    for (Persistence persistence : Persistence.values()) {
      for (long length : List.of(Http1Encoder.NO_LENGTH, Http1Encoder.CHUNKED, Long.MAX_VALUE)) {
        String head = head(Status.HEADERS_TOO_LARGE, Headers.empty(), BOTH, length, persistence);
        assertThat(head).endsWith("\r\n\r\n");
      }
    }
  }

  @Test
  void whatIsWrittenCanBeRead() {
    Random random = new Random(20260101);
    for (int round = 0; round < 1_000; round++) {
      Headers headers = random(random);
      Status status = new Status(100 + random.nextInt(900), "r".repeat(random.nextInt(50)));
      long length = random.nextLong() & Long.MAX_VALUE >> random.nextInt(63);

      List<String> lines =
          Arrays.asList(head(status, headers, BOTH, length, Persistence.CLOSE).split("\r\n", -1));

      assertThat(lines.get(0)).isEqualTo("HTTP/1.1 " + status.code() + " " + status.reason());
      assertThat(read(lines.subList(1, lines.size() - 2)))
          .isEqualTo(
              headers.toBuilder()
                  .add("Server", "here")
                  .add("Date", "Thu, 01 Jan 1970")
                  .add("Content-Length", Long.toString(length))
                  .add("Connection", "close")
                  .build());
      assertThat(lines.subList(lines.size() - 2, lines.size())).containsExactly("", "");
    }
  }

  private static Headers random(Random random) {
    Headers.Builder headers = Headers.builder();
    for (int i = random.nextInt(20); i > 0; i--) {
      String name = "N-" + Integer.toString(random.nextInt(1_000_000), 36);
      headers.add(name, random.nextBoolean() ? "" : "v" + (char) (0xa0 + random.nextInt(96)));
    }
    return headers.build();
  }

  private static Headers read(List<String> lines) {
    Headers.Builder headers = Headers.builder();
    for (String line : lines) {
      int colon = line.indexOf(": ");
      headers.add(line.substring(0, colon), line.substring(colon + 2));
    }
    return headers.build();
  }

  // ---- chunks

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "9, 9",
    "10, a",
    "15, f",
    "16, 10",
    "255, ff",
    "256, 100",
    "4096, 1000",
    "65535, ffff",
    "65536, 10000",
    "1048577, 100001",
    "2147483647, 7fffffff"
  })
  void chunkSizeIsHexadecimalWithoutLeadingZeros(int size, String digits) {
    ByteBuffer out = ByteBuffer.allocate(Http1Encoder.CHUNK_OVERHEAD);

    Http1Encoder.chunkStart(out, size);
    Http1Encoder.chunkEnd(out);

    assertThat(text(out)).isEqualTo(digits + "\r\n\r\n");
  }

  @Test
  void readyMessagesAreWholeEachTime() {
    for (int i = 0; i < 2; i++) {
      assertThat(drained(Http1Encoder.lastChunk())).isEqualTo("0\r\n\r\n");
      assertThat(drained(Http1Encoder.continueHead())).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
    }
  }

  private static String drained(ByteBuffer buffer) {
    return StandardCharsets.ISO_8859_1.decode(buffer).toString();
  }
}
