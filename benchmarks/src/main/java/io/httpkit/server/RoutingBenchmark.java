package io.httpkit.server;

import io.httpkit.benchmarks.Heads;
import io.httpkit.internal.codec.http1.Http1Decoder;
import io.httpkit.internal.codec.http1.Http1Event.RequestHead;
import io.httpkit.internal.codec.http1.Http1Limits;
import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.loop.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From a request to the handler of its route, in a table of 100 routes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RoutingBenchmark {
  private static final int RESOURCES = 20;

  private Router router;
  private Request literal;
  private Request variable;
  private Request missing;

  @Setup
  public void open() {
    router = table();
    literal = request("/api/v1/resource13/export");
    variable = request("/api/v1/resource13/4711/parts/22");
    missing = request("/api/v1/resource13/4711/nothing");
    expect("/api/v1/resource13/export", literal, literal());
    expect("/api/v1/resource13/{id}/parts/{part}", variable, variable());
    expect("", missing, missing());
    if (!variable.pathVariable("part").equals("22")) {
      throw new IllegalStateException("wrong variables " + variable.pathVariables());
    }
  }

  private static Router table() {
    Router.Builder routes = Router.builder();
    for (int i = 0; i < RESOURCES; i++) {
      String resource = "/api/v1/resource" + i;
      routes
          .get(resource, RoutingBenchmark::answer)
          .post(resource, RoutingBenchmark::answer)
          .get(resource + "/export", RoutingBenchmark::answer)
          .get(resource + "/{id}", RoutingBenchmark::answer)
          .get(resource + "/{id}/parts/{part}", RoutingBenchmark::answer);
    }
    return routes.build();
  }

  private static Response answer(Request request) {
    return Response.noContent();
  }

  private Request request(String path) {
    Http1Decoder decoder = Http1Decoder.forRequests(new Http1Limits(8192, 65536, 200, 8192));
    Object head = Objects.requireNonNull(decoder.next(Heads.direct(Heads.wrk(path))));
    Http1ServerProtocol protocol = new Http1ServerProtocol(Contexts.of(router, loop()));
    return new Request(
        new Http1Exchange(protocol, (RequestHead) head, 0),
        ServerConfig.builder().build().limits());
  }

  /** A loop that never runs. */
  private static EventLoop loop() {
    try {
      return new EventLoop(Ticker.SYSTEM, Long.MAX_VALUE / 2, error -> {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void expect(String template, Request request, boolean nonBlocking) {
    String found = request.route().orElse("");
    if (!found.equals(template) || nonBlocking != template.isEmpty()) {
      throw new IllegalStateException("route \"" + found + "\" for " + request);
    }
  }

  private boolean route(Request request) {
    return router.isNonBlocking(request);
  }

  /** A template without variables. */
  @Benchmark
  public boolean literal() {
    return route(literal);
  }

  /** A template with two variables. */
  @Benchmark
  public boolean variable() {
    return route(variable);
  }

  /** A path that begins like others but has no route. */
  @Benchmark
  public boolean missing() {
    return route(missing);
  }
}
