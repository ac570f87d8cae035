package io.httpkit.spring.boot.server;

import io.httpkit.server.Handler;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import java.util.List;

/** A handler with one interceptor around it. */
public final class InterceptedHandler implements Handler {
  private final HttpKitInterceptor interceptor;
  private final Handler next;
  private final boolean mayBeNonBlocking;

  private InterceptedHandler(HttpKitInterceptor interceptor, Handler next) {
    this.interceptor = interceptor;
    this.next = next;
    this.mayBeNonBlocking = interceptor.isNonBlocking();
  }

  /** This handler with these interceptors around it, the first of them outermost. */
  public static Handler of(List<HttpKitInterceptor> interceptors, Handler handler) {
    Handler intercepted = handler;
    for (int i = interceptors.size() - 1; i >= 0; i--) {
      intercepted = new InterceptedHandler(interceptors.get(i), intercepted);
    }
    return intercepted;
  }

  @Override
  public Response handle(Request request) throws Exception {
    return interceptor.intercept(request, next);
  }

  /** Asked inwards in any case, so that the request knows its route before it is handled. */
  @Override
  public boolean isNonBlocking(Request request) {
    return next.isNonBlocking(request) && mayBeNonBlocking;
  }
}
