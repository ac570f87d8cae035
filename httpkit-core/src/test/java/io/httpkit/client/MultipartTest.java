package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.httpkit.http.Body;
import io.httpkit.http.MediaType;
import io.httpkit.internal.channel.BodyStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartTest {
  @TempDir private Path directory;

  private static Multipart.Builder builder() {
    return new Multipart.Builder("B");
  }

  private static String text(Body body) {
    try (InputStream in = BodyStream.of(body)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long length(Body body) {
    if (body instanceof Body.Bytes bytes) {
      return bytes.length();
    }
    return body instanceof Body.Stream stream ? stream.length() : Body.UNKNOWN_LENGTH;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(bytes(text));
  }

  static Stream<Arguments> parts() {
    return Stream.of(
        Arguments.of(Part.of("a", "b"), "name=\"a\"", "", "b"),
        Arguments.of(Part.of("a", ""), "name=\"a\"", "", ""),
        Arguments.of(Part.of("", "b"), "name=\"\"", "", "b"),
        Arguments.of(Part.of("a", "é"), "name=\"a\"", "", "é"),
        Arguments.of(Part.of("é \"\\", "b"), "name=\"é \\\"\\\\\"", "", "b"),
        Arguments.of(Part.of("a", 7), "name=\"a\"", "", "7"),
        Arguments.of(Part.of("a", -1.5), "name=\"a\"", "", "-1.5"),
        Arguments.of(Part.of("a", bytes("b")), "name=\"a\"", "application/octet-stream", "b"),
        Arguments.of(
            Part.of("a", ByteBuffer.wrap(bytes("xbx"), 1, 1)),
            "name=\"a\"",
            "application/octet-stream",
            "b"),
        Arguments.of(Part.of("a", stream("b")), "name=\"a\"", "application/octet-stream", "b"),
        Arguments.of(Part.of("a", stream("bc"), 1), "name=\"a\"", "application/octet-stream", "b"),
        Arguments.of(Part.of("a", stream(""), 0), "name=\"a\"", "application/octet-stream", ""),
        Arguments.of(
            Part.of("a", "b").fileName("c.txt"),
            "name=\"a\"; filename=\"c.txt\"",
            "text/plain; charset=UTF-8",
            "b"),
        Arguments.of(
            Part.of("a", bytes("b")).fileName("ü \"\\;.txt").contentType("image/png; a=\"b\""),
            "name=\"a\"; filename=\"ü \\\"\\\\;.txt\"",
            "image/png; a=\"b\"",
            "b"),
        Arguments.of(
            Part.of("a", "<p>").contentType("text/html"), "name=\"a\"", "text/html", "<p>"));
  }

  @ParameterizedTest
  @MethodSource("parts")
  void writesAPart(Part part, String disposition, String type, String content) throws IOException {
    Body body = builder().part(part).build().body();

    String expected =
        "--B\r\nContent-Disposition: form-data; "
            + disposition
            + "\r\n"
            + (type.isEmpty() ? "" : "Content-Type: " + type + "\r\n")
            + "\r\n"
            + content
            + "\r\n--B--\r\n";
    long length = length(body);
    assertThat(text(body)).isEqualTo(expected);
    assertThat(length).isIn((long) bytes(expected).length, Body.UNKNOWN_LENGTH);
  }

  @Test
  void writesPartsInTheirOrder() throws IOException {
    Path file = Files.writeString(directory.resolve("f.bin"), "file");
    Multipart multipart =
        builder()
            .part("a", "1")
            .part("f", file)
            .part(Part.of("b", bytes("2")).header("X-A", "x").header("X-A", "y"))
            .part("a", 3)
            .build();

    Body body = multipart.body();

    String expected =
        """
        --B
        Content-Disposition: form-data; name="a"

        1
        --B
        Content-Disposition: form-data; name="f"; filename="f.bin"
        Content-Type: application/octet-stream

        file
        --B
        Content-Disposition: form-data; name="b"
        Content-Type: application/octet-stream
        X-A: x
        X-A: y

        2
        --B
        Content-Disposition: form-data; name="a"

        3
        --B--
        """
            .replace("\n", "\r\n");
    assertThat(length(body)).isEqualTo(expected.length());
    assertThat(text(body)).isEqualTo(expected);
    assertThat(text(multipart.body())).isEqualTo(expected);
    assertThat(multipart.contentType()).isEqualTo("multipart/form-data; boundary=B");
  }

  @Test
  void partsOfAMixedBodyHaveNoDisposition() throws IOException {
    Multipart multipart = builder().mixed().part("a", "é").part("b", bytes("2")).build();

    assertThat(multipart.contentType()).isEqualTo("multipart/mixed; boundary=B");
    assertThat(text(multipart.body()))
        .isEqualTo(
            """
            --B
            Content-Type: text/plain; charset=UTF-8

            é
            --B
            Content-Type: application/octet-stream

            2
            --B--
            """
                .replace("\n", "\r\n"));
  }

  @Test
  void bufferIsConsumedAndFreeToChange() throws IOException {
    for (ByteBuffer buffer :
        new ByteBuffer[] {ByteBuffer.allocate(3), ByteBuffer.allocateDirect(3)}) {
      buffer.put(bytes("abc")).position(1);
      Multipart multipart = builder().part("a", buffer).build();
      assertThat(buffer.hasRemaining()).isFalse();
      buffer.clear().put(bytes("xyz"));
      assertThat(text(multipart.body())).contains("\r\nbc\r\n");
    }
  }

  @Test
  void smallBodyInMemoryIsOnePiece() throws IOException {
    assertThat(builder().part("a", "b").build().body()).isInstanceOf(Body.Bytes.class);
    assertThat(builder().part("a", new byte[65 * 1024]).build().body())
        .isInstanceOf(Body.Stream.class);
    Path file = Files.writeString(directory.resolve("f"), "");
    assertThat(builder().part("a", file).build().body()).isInstanceOf(Body.Stream.class);
  }

  @Test
  void bodyWithAStreamCanBeSentOnce() throws IOException {
    Multipart once = builder().part("a", "b").part("c", stream("d")).build();
    assertThat(once.isRepeatable()).isFalse();
    assertThat(text(once.body())).contains("\r\nd\r\n");
    assertThatIllegalStateException().isThrownBy(once::body);
    assertThat(builder().part(Part.of("c", stream("d"), 1)).build().isRepeatable()).isFalse();
    assertThat(builder().part("a", "b").part("f", directory).build().isRepeatable()).isTrue();
  }

  @Test
  void fileIsReadWhenItIsSentAndNotBefore() throws IOException {
    Path file = Files.writeString(directory.resolve("f"), "12345");
    Body body = builder().part("a", file).build().body();
    Files.writeString(file, "67890");
    assertThat(text(body)).contains("\r\n67890\r\n");
  }

  @Test
  void fileThatGrewIsCutAndOneThatShrankIsAnError() throws IOException {
    Path file = Files.writeString(directory.resolve("f"), "12345");
    Multipart multipart = builder().part("a", file).part("b", "c").build();

    Body grown = multipart.body();
    Files.writeString(file, "1234567");
    assertThat(text(grown)).contains("\r\n12345\r\n--B\r\n").hasSize((int) length(grown));

    Body shrunk = multipart.body();
    Files.writeString(file, "123");
    assertThatExceptionOfType(EOFException.class)
        .isThrownBy(() -> BodyStream.of(shrunk).readAllBytes())
        .withMessage("a part of a multipart body ended 4 bytes too early");
  }

  @Test
  void rejectsWhatIsNoFile() {
    for (Path path : new Path[] {directory, directory.resolve("absent")}) {
      assertThatExceptionOfType(NoSuchFileException.class)
          .isThrownBy(() -> builder().part("a", path).build().body());
    }
  }

  @Test
  void closingClosesAllStreams() throws IOException {
    Set<String> closed = new HashSet<>();
    for (boolean known : new boolean[] {true, false}) {
      closed.clear();
      Multipart.Builder builder = builder();
      for (String name : new String[] {"a", "b"}) {
        InputStream noted =
            new ByteArrayInputStream(new byte[] {1}) {
              @Override
              public void close() {
                closed.add(name);
              }
            };
        builder.part(known ? Part.of(name, noted, 1) : Part.of(name, noted));
      }
      try (InputStream in = BodyStream.of(builder.build().body())) {
        assertThat(in.read()).isEqualTo('-');
      }
      assertThat(closed).containsExactly("a", "b");
    }
  }

  @Test
  void streamsAreClosedWhenAFileIsMissing() {
    Set<String> closed = new HashSet<>();
    InputStream noted =
        new ByteArrayInputStream(new byte[0]) {
          @Override
          public void close() throws IOException {
            closed.add("a");
            throw new IOException("closing");
          }
        };
    Multipart multipart = builder().part("a", noted).part("f", directory.resolve("absent")).build();

    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(multipart::body)
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(closed).containsExactly("a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nb", "a\nb", "a\rb", "a\0b", "a\u007f", "a\u0085b"})
  void rejectsControlCharacters(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Part.of(text, "b"));
    assertThatIllegalArgumentException().isThrownBy(() -> Part.of(text, Path.of("b")));
    Part part = Part.of("a", "b");
    assertThatIllegalArgumentException().isThrownBy(() -> part.fileName(text));
    assertThatIllegalArgumentException().isThrownBy(() -> part.contentType("text/plain; " + text));
    assertThatIllegalArgumentException().isThrownBy(() -> part.contentType(text + "/plain"));
    assertThatIllegalArgumentException().isThrownBy(() -> part.header(text, "b"));
  }

  @Test
  void rejectsWhatIsNoPart() {
    Part part = Part.of("a", "b");
    assertThatIllegalArgumentException().isThrownBy(() -> part.contentType("html"));
    assertThatIllegalArgumentException().isThrownBy(() -> part.header("X", "a\r\nb: c"));
    assertThatIllegalArgumentException().isThrownBy(() -> part.header("content-Disposition", "x"));
    assertThatIllegalArgumentException().isThrownBy(() -> part.header("Content-Type", "x/y"));
    assertThatIllegalArgumentException().isThrownBy(() -> Part.of("a", stream(""), -2));
    assertThatIllegalStateException().isThrownBy(() -> Multipart.builder().build());
  }

  @Test
  void boundaryIsRandomAndFitToStandInAHeader() throws IOException {
    Set<String> boundaries = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      Multipart multipart = Multipart.builder().part("a", "b").build();
      String boundary =
          MediaType.parse(multipart.contentType()).orElseThrow().parameters().get("boundary");
      assertThat(boundary).matches("----httpkit[0-9a-f]{36}");
      assertThat(text(multipart.body())).startsWith("--" + boundary + "\r\n");
      boundaries.add(boundary);
    }
    assertThat(boundaries).hasSize(100);
  }

  @Test
  void lengthIsThatOfWhatIsSent() throws IOException {
    Random random = new Random(5);
    for (int i = 0; i < 200; i++) {
      Multipart.Builder builder = builder();
      for (int part = random.nextInt(4); part >= 0; part--) {
        byte[] content = new byte[random.nextInt(20_000)];
        random.nextBytes(content);
        Path file = directory.resolve(i + "-" + part);
        switch (random.nextInt(3)) {
          case 0 -> builder.part("a", content);
          case 1 -> builder.part("é", Files.write(file, content));
          default ->
              builder.part(
                  Part.of(
                      "a", new ByteArrayInputStream(content), random.nextInt(content.length + 1)));
        }
      }
      Body body = builder.build().body();
      try (InputStream in = BodyStream.of(body)) {
        assertThat((long) in.readAllBytes().length).isEqualTo(length(body));
      }
    }
  }
}
