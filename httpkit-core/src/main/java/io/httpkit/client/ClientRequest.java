package io.httpkit.client;

import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import org.jspecify.annotations.Nullable;

/** A request as it is sent, as interceptors and listeners see it. Immutable. */
public final class ClientRequest {
  /** What is done with the body of the response. */
  enum Delivery {
    /** It is there when the response is. */
    COLLECTED,
    /** It can be read while it comes. */
    STREAMED,
    /** It is dropped. */
    DROPPED
  }

  private final Method method;
  private final RequestUri uri;
  private final Headers headers;
  private final @Nullable Upload upload;
  private final RequestOptions options;
  private final Delivery delivery;

  ClientRequest(
      Method method,
      RequestUri uri,
      Headers headers,
      @Nullable Upload upload,
      RequestOptions options,
      Delivery delivery) {
    this.method = method;
    this.uri = uri;
    this.headers = headers;
    this.upload = upload;
    this.options = options;
    this.delivery = delivery;
  }

  public Method method() {
    return method;
  }

  /** The URL, without user and fragment. */
  public String url() {
    return uri.absolute();
  }

  /** What {@link RequestBuilder#uriTemplate} said the URL was made of; null if nothing did. */
  public @Nullable String uriTemplate() {
    return options.uriTemplate;
  }

  /** The headers, without those that frame the message. */
  public Headers headers() {
    return headers;
  }

  RequestUri uri() {
    return uri;
  }

  @Nullable Upload upload() {
    return upload;
  }

  RequestOptions options() {
    return options;
  }

  Delivery delivery() {
    return delivery;
  }

  /** The same with other headers. */
  public ClientRequest withHeaders(Headers newHeaders) {
    return new ClientRequest(method, uri, newHeaders, upload, options, delivery);
  }

  /** The same with one header of this name. */
  public ClientRequest withHeader(String name, String value) {
    return withHeaders(headers.toBuilder().set(name, value).build());
  }

  /**
   * The same to another URL.
   *
   * @throws IllegalArgumentException if it is not one of http or https
   */
  public ClientRequest withUrl(String url) {
    return new ClientRequest(method, RequestUri.parse(url), headers, upload, options, delivery);
  }

  @Override
  public String toString() {
    return method + " " + url();
  }
}
