package io.httpkit.client;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.http.BadMessageException;
import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.internal.codec.content.ContentCoding;
import io.httpkit.internal.codec.http1.Http1Event.ResponseHead;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** The response of a call, once its head has come: makes it, and tells the call, off the loop. */
final class CallAnswer {
  private static final byte[] NOTHING = {};

  private final Call call;
  private final ClientExchange exchange;
  private final ResponseHead head;
  private final List<String> urls;
  private final @Nullable SSLSession tlsSession;

  CallAnswer(Call call, ClientExchange exchange, ResponseHead head, List<String> urls) {
    this.call = call;
    this.exchange = exchange;
    this.head = head;
    this.urls = urls;
    this.tlsSession = exchange.tlsSession();
  }

  String url() {
    return urls.get(urls.size() - 1);
  }

  ClientExchange exchange() {
    return exchange;
  }

  ClientEngine engine() {
    return call.engine();
  }

  /**
   * The coding of the body that is to be taken off. None of a part, which cannot be decompressed
   * alone: RFC 9110 §14.2 counts the bytes of what is coded.
   *
   * @throws BadMessageException if there is more than one
   */
  ContentCoding coding() {
    if (!call.request().options().compression || head.status().equals(Status.PARTIAL_CONTENT)) {
      return ContentCoding.IDENTITY;
    }
    ContentCoding coding = ContentCoding.of(head.headers());
    return coding == ContentCoding.OTHER ? ContentCoding.IDENTITY : coding;
  }

  /** The headers, without those that speak of the coding if that is taken off. */
  private Headers headers(ContentCoding coding) {
    return coding == ContentCoding.IDENTITY
        ? head.headers()
        : head.headers().toBuilder().remove("Content-Encoding").remove("Content-Length").build();
  }

  void completeEmpty() {
    complete(NOTHING, 0, Headers.empty());
  }

  /** With a body that may still have to be decoded. */
  void complete(byte[] bytes, int length, Headers trailers) {
    engine().callback(() -> make(bytes, length, trailers), () -> call.fail(rejected()));
  }

  private void make(byte[] bytes, int length, Headers trailers) {
    try {
      ContentCoding coding = length == 0 ? ContentCoding.IDENTITY : coding();
      byte[] body =
          coding == ContentCoding.IDENTITY
              ? bytes
              : ContentStreams.decoded(
                  coding, bytes, length, call.request().options().maxBody, url());
      int size = coding == ContentCoding.IDENTITY ? length : body.length;
      call.finish(
          ClientResponse.collected(
              head.status(), headers(coding), trailers, url(), urls, tlsSession, body, size));
    } catch (ClientException e) {
      call.fail(e);
    } catch (RuntimeException | Error e) {
      call.fail(ClientException.of(Kind.RESPONSE_BODY, "the response of " + url(), e));
    }
  }

  private static ClientException rejected() {
    return new ClientException(
        Kind.RESPONSE_BODY,
        "the executor of the client takes no more tasks, so nobody can be told");
  }

  /** With a body that is to come. */
  BodyPipe completeStreamed() {
    ContentCoding coding = coding();
    BodyPipe pipe = new BodyPipe(this, coding, call.request().options().maxStreamedBody);
    ClientResponse response =
        ClientResponse.streamed(head.status(), headers(coding), url(), urls, tlsSession, pipe);
    engine()
        .callback(
            () -> call.finish(response),
            () -> {
              call.fail(rejected());
              pipe.close();
            });
    return pipe;
  }

  void fail(ClientException cause) {
    call.fail(cause);
  }
}
