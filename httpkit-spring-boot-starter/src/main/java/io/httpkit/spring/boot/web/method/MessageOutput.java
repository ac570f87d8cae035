package io.httpkit.spring.boot.web.method;

import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpOutputMessage;

/** Collects what a converter writes. */
final class MessageOutput implements HttpOutputMessage {
  private final Headers before;
  private final HttpHeaders headers = new HttpHeaders();
  private final Bytes bytes = new Bytes();

  /** With headers that are there already and take precedence. */
  MessageOutput(Headers before) {
    this.before = before;
  }

  /** Gives its array away uncopied, as it is not used afterwards. */
  private static final class Bytes extends ByteArrayOutputStream {
    Bytes() {
      super(256);
    }

    ByteBuffer buffer() {
      return ByteBuffer.wrap(buf, 0, count);
    }
  }

  @Override
  public OutputStream getBody() {
    return bytes;
  }

  @Override
  public HttpHeaders getHeaders() {
    return headers;
  }

  /** All headers but the length, which is the server's to say. */
  Headers head() {
    Headers.Builder head = before.toBuilder();
    headers.forEach(
        (name, values) -> {
          if (!name.equalsIgnoreCase("Content-Length") && !before.contains(name)) {
            head.add(name, values);
          }
        });
    return head.build();
  }

  Body body() {
    return Body.of(bytes.buffer());
  }
}
