package io.httpkit.sample;

import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.server.Response;
import io.httpkit.server.Router;
import io.httpkit.spring.boot.server.RouterCustomizer;
import java.io.IOException;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

/** A page at {@code /demo} that shows the chat, the streams and the upstreams, and its files. */
@Component
class DemoRoutes implements RouterCustomizer {
  /** Only this server's own files run; the page cannot make code or markup of a text. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  @Override
  public void customize(Router.Builder routes) {
    serve(routes, "/demo", "demo.html", "text/html; charset=utf-8");
    serve(routes, "/demo/demo.css", "demo.css", "text/css; charset=utf-8");
    for (String script : new String[] {"demo.js", "chat.js", "streams.js", "upstreams.js"}) {
      serve(routes, "/demo/" + script, script, "text/javascript; charset=utf-8");
    }
  }

  private static void serve(Router.Builder routes, String path, String file, String type) {
    Headers headers =
        Headers.of(
            "Content-Type",
            type,
            "Cache-Control",
            "no-cache",
            "Content-Security-Policy",
            POLICY,
            "Referrer-Policy",
            "no-referrer");
    Response response = Response.of(Status.OK, headers, Body.of(content(file)));
    routes.get(path, request -> response);
  }

  private static byte[] content(String file) {
    try {
      return new ClassPathResource("demo/" + file).getContentAsByteArray();
    } catch (IOException e) {
      throw new IllegalStateException("no " + file + " in this application", e);
    }
  }
}
