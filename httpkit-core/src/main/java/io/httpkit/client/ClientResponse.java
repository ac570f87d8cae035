package io.httpkit.client;

import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import io.httpkit.http.MediaType;
import io.httpkit.http.ResponseMessage;
import io.httpkit.http.Status;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A response. Its body is there, unless it was asked for with {@link RequestBuilder#stream()}: then
 * it comes as it is read, by {@link #stream()} or {@link #publisher()}, one of them and once.
 */
public final class ClientResponse implements ResponseMessage, AutoCloseable {
  private static final byte[] NOTHING = {};

  private final Status status;
  private final Headers headers;
  private final Headers trailers;
  private final String url;
  private final List<String> redirects;
  private final @Nullable SSLSession tlsSession;
  private final byte[] bytes;
  private final int length;
  private final @Nullable BodyPipe pipe;

  private ClientResponse(
      Status status,
      Headers headers,
      Headers trailers,
      String url,
      List<String> redirects,
      @Nullable SSLSession tlsSession,
      byte[] bytes,
      int length,
      @Nullable BodyPipe pipe) {
    this.status = status;
    this.headers = headers;
    this.trailers = trailers;
    this.url = url;
    this.redirects = redirects;
    this.tlsSession = tlsSession;
    this.bytes = bytes;
    this.length = length;
    this.pipe = pipe;
  }

  /** With a body that is there; the array may be longer. */
  static ClientResponse collected(
      Status status,
      Headers headers,
      Headers trailers,
      String url,
      List<String> redirects,
      @Nullable SSLSession tlsSession,
      byte[] bytes,
      int length) {
    return new ClientResponse(
        status, headers, trailers, url, redirects, tlsSession, bytes, length, null);
  }

  /** With a body that is to come. */
  static ClientResponse streamed(
      Status status,
      Headers headers,
      String url,
      List<String> redirects,
      @Nullable SSLSession tlsSession,
      BodyPipe pipe) {
    return new ClientResponse(
        status, headers, Headers.empty(), url, redirects, tlsSession, NOTHING, 0, pipe);
  }

  /**
   * A response that no server gave, for interceptors and tests.
   *
   * @param url of the request that it answers
   */
  public static ClientResponse of(Status status, Headers headers, byte[] body, String url) {
    return collected(status, headers, Headers.empty(), url, List.of(url), null, body, body.length);
  }

  @Override
  public Status status() {
    return status;
  }

  @Override
  public Headers headers() {
    return headers;
  }

  /** The value of a header; null when there is none. */
  public @Nullable String header(String name) {
    return headers.get(name).orElse(null);
  }

  /** What came behind the body; empty while it is streamed. RFC 9110 §6.5. */
  public Headers trailers() {
    return trailers;
  }

  /** The URL that was answered, the last of all redirects. */
  public String url() {
    return url;
  }

  /** The URLs that were asked, in order; more than one if redirects were followed. */
  public List<String> redirects() {
    return redirects;
  }

  /**
   * What was negotiated with the server that gave the response: the version, the cipher suite, and
   * the server's certificates. Behind a tunnel it is that of the server, and not of a proxy. Empty
   * for a response that came in plaintext, also through a proxy with which TLS is spoken, and for
   * one of {@link #of}. May be asked for by any thread, also when the connection is closed.
   */
  public Optional<SSLSession> tlsSession() {
    return Optional.ofNullable(tlsSession);
  }

  /** Whether the status is 200 to 299. */
  public boolean isSuccess() {
    return status.code() / 100 == 2;
  }

  private void mustBeThere() {
    if (pipe != null) {
      throw new IllegalStateException("the body is streamed: read stream() or publisher()");
    }
  }

  /** The body. */
  public byte[] bytes() {
    mustBeThere();
    return bytes.length == length ? bytes : java.util.Arrays.copyOf(bytes, length);
  }

  /** The length of the body in bytes. */
  public int length() {
    mustBeThere();
    return length;
  }

  /**
   * The body as text, in the charset of its {@code Content-Type}; else in that which a byte order
   * mark, an HTML {@code meta} or an XML declaration names; else in UTF-8.
   */
  public String text() {
    mustBeThere();
    return BodyCharset.text(headers.get("Content-Type").flatMap(MediaType::parse), bytes, length);
  }

  /** The body as text in this charset. */
  public String text(Charset charset) {
    mustBeThere();
    return new String(bytes, 0, length, charset);
  }

  @Override
  public Body body() {
    return pipe == null
        ? Body.of(ByteBuffer.wrap(bytes, 0, length))
        : Body.of(pipe.asInputStream());
  }

  /**
   * The body as a stream. Reading waits for the peer, and the peer waits for who does not read. It
   * is to be closed; what is left then closes the connection.
   *
   * @throws IllegalStateException if it is being read already
   */
  public InputStream stream() {
    return pipe == null ? new ByteArrayInputStream(bytes, 0, length) : pipe.asInputStream();
  }

  /**
   * The body as pieces, for one subscriber, which is given no more than it asks for. Called on
   * threads of the client. To cancel closes the connection. If the response is closed meanwhile,
   * the subscriber is told so by a {@link ClientException}.
   *
   * @throws IllegalStateException if it is being read already
   */
  public Flow.Publisher<ByteBuffer> publisher() {
    if (pipe != null) {
      return pipe.asPublisher();
    }
    return SinglePiece.publisher(ByteBuffer.wrap(bytes, 0, length));
  }

  /** Lets go of a body that is streamed and was not read. Does nothing else. */
  @Override
  public void close() {
    if (pipe != null) {
      pipe.close();
    }
  }

  @Override
  public String toString() {
    return status + " " + url;
  }
}
