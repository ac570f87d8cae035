package io.httpkit.client;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import io.httpkit.internal.codec.http1.Http1Decoder;
import io.httpkit.internal.codec.http1.Http1Event;
import io.httpkit.internal.codec.http1.Http1Event.ResponseHead;
import io.httpkit.internal.codec.http1.RequestEncoder;
import io.httpkit.internal.loop.LoopConfined;
import java.nio.ByteBuffer;

/** Asks an HTTP proxy for a tunnel to the server. RFC 9110 §9.3.6. */
@LoopConfined
final class TunnelHandshake extends DialStep {
  private final Origin origin;
  private final Http1Decoder decoder;

  TunnelHandshake(DialSteps steps, Dial dial, Proxy proxy, Origin origin) {
    super(steps, dial, proxy);
    this.origin = origin;
    this.decoder = Http1Decoder.forResponses(dial.engine().http1Limits());
  }

  @Override
  void begin() {
    Headers.Builder headers = Headers.builder();
    String userAgent = dial().engine().config().userAgent();
    if (userAgent != null) {
      headers.add("User-Agent", userAgent);
    }
    Credentials credentials = proxy().credentials();
    if (credentials != null) {
      headers.add("Proxy-Authorization", credentials.basic());
    }
    Headers built = headers.build();
    RequestEncoder encoder =
        RequestEncoder.of(Method.CONNECT, origin.authority(), origin.authority());
    ByteBuffer out = connection().output().begin(encoder.headBytes(built));
    encoder.head(out, built);
    boolean unused = connection().output().commit(out);
    decoder.expect(Method.CONNECT);
  }

  @Override
  public void onBytes(ByteBuffer in) {
    try {
      Http1Event event = decoder.next(in);
      while (event != null && !(event instanceof ResponseHead)) {
        // an interim answer; the one that counts may be in the same bytes
        event = decoder.next(in);
      }
      if (event instanceof ResponseHead head) {
        take(head);
      }
    } catch (BadMessageException e) {
      refuse("its answer is not HTTP: " + e.getMessage());
    }
  }

  private void take(ResponseHead head) {
    int code = head.status().code();
    if (head.upgrade()) {
      done();
    } else if (code == 407 || code == 401) {
      // some proxies say 401 of credentials that are wrong, and 407 only if there are none
      refuse("it wants other credentials, " + code);
    } else {
      refuse("it answered " + head.status());
    }
  }
}
