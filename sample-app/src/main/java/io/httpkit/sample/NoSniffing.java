package io.httpkit.sample;

import io.httpkit.server.Handler;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.server.HttpKitInterceptor;
import org.springframework.stereotype.Component;

/** No browser is to take what users have written for something else than the type says. */
@Component
class NoSniffing implements HttpKitInterceptor {
  @Override
  public Response intercept(Request request, Handler next) throws Exception {
    return next.handle(request).withHeader("X-Content-Type-Options", "nosniff");
  }

  @Override
  public boolean isNonBlocking() {
    return true;
  }
}
