package io.httpkit.spring.boot.web.method;

import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpOutputMessage;

/** Collects what a converter writes. */
final class MessageOutput extends ByteArrayOutputStream implements HttpOutputMessage {
  private final Headers before;
  private final HttpHeaders headers = new HttpHeaders();

  /** With headers that are there already and take precedence. */
  MessageOutput(Headers before) {
    super(256);
    this.before = before;
  }

  @Override
  public OutputStream getBody() {
    return this;
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

  /** The array uncopied, as it is not written to afterwards. */
  Body body() {
    return Body.of(ByteBuffer.wrap(buf, 0, count));
  }
}
