package io.httpkit.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelGroup;
import io.httpkit.channel.ServerSentEvent;
import io.httpkit.http.Status;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.support.RawConnection;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.AbstractResource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class ResultsTest {
  @ParameterizedTest(name = "GET {0} that accepts {1} is answered {2} {3}: {4}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /r/text            | */*              | 200 | text/plain;charset=UTF-8 | text
          /r/text            | text/html        | 200 | text/html;charset=UTF-8  | text
          /r/bytes           | */*              | 200 | application/octet-stream | bytes
          /r/record          | */*              | 200 | application/json         | {"id":1,"name":"one"}
          /r/record          | application/json | 200 | application/json         | {"id":1,"name":"one"}
          /r/record          | text/csv         | 406 | application/problem+json | {"detail":"Acceptable representations: [application/json, application/*+json].","instance":"/r/record","status":406,"title":"Not Acceptable"}
          /r/record          | nonsense/;q      | 406 | application/problem+json | {"detail":"Could not parse Accept header.","instance":"/r/record","status":406,"title":"Not Acceptable"}
          /r/record          | */*, application/json;q=0 | 406 | application/problem+json | {"detail":"Acceptable representations: [application/json, application/*+json].","instance":"/r/record","status":406,"title":"Not Acceptable"}
          /r/record          | application/json, */*;q=0 | 200 | application/json | {"id":1,"name":"one"}
          /r/flux            | */*, application/json;q=0 | 200 | application/x-ndjson | '{"id":1,"name":"n1"}/{"id":2,"name":"n2"}/'
          /r/streamNull      | */*              | 200 | application/json         | [null,{"id":1,"name":"one"}]
          /r/streamNull      | application/x-ndjson | 200 | application/x-ndjson | 'null/{"id":1,"name":"one"}/'
          /r/streamNull      | text/event-stream | 200 | text/event-stream       | 'data: null//data: {"id":1,"name":"one"}//'
          /r/fluxFailsLocally | */*             | 409 | text/plain;charset=UTF-8 | local: publisher
          /r/fluxFailsLocally | text/event-stream | 409 | text/event-stream;charset=UTF-8 | local: publisher
          /r/flowFailsLocally | */*             | 409 | text/plain;charset=UTF-8 | local: publisher
          /r/monoFailsLocally | */*             | 409 | text/plain;charset=UTF-8 | local: publisher
          /r/fluxMapsBadly   | */*              | 409 | text/plain;charset=UTF-8 | local: publisher
          /r/handledLater    | */*              | 404 | text/plain;charset=UTF-8 | handled later
          /r/channelFailsLater | */*            | 404 | text/plain;charset=UTF-8 | handled later
          /r/handledBadly    | */*              | 500 | application/problem+json | {"instance":"/r/handledBadly","status":500,"title":"Internal Server Error"}
          /r/handledByChannel | */*             | 500 | application/problem+json | {"instance":"/r/handledByChannel","status":500,"title":"Internal Server Error"}
          /r/streamFails     | */*              | 409 | text/plain;charset=UTF-8 | local: publisher
          /r/streamFails     | application/json | 409 | application/json         | local: publisher
          /r/streamFails     | application/x-ndjson | 409 | application/x-ndjson;charset=UTF-8 | local: publisher
          /r/okDeclared      | */*              | 200 | text/plain;charset=UTF-8 | ok
          /r/okResponse      | */*              | 200 | text/plain; charset=utf-8 | ok
          /r/okLater         | */*              | 200 | text/plain;charset=UTF-8 | ok
          /r/httpEntity      | */*              | 201 | text/plain;charset=UTF-8 | entity
          /r/list            | */*              | 200 | application/json         | [{"id":1,"name":"one"}]
          /r/null            | */*              | 200 | none                     | ''
          /r/void            | */*              | 200 | none                     | ''
          /r/created         | */*              | 201 | application/json         | {"id":1,"name":"one"}
          /r/entity          | */*              | 201 | application/json         | {"id":1,"name":"one"}
          /r/empty           | */*              | 204 | none                     | ''
          /r/xml             | */*              | 200 | application/xml          | <a/>
          /r/response        | */*              | 202 | text/plain; charset=utf-8 | own
          /r/problem         | */*              | 409 | application/problem+json | {"detail":"taken","instance":"/r/problem","status":409,"title":"Conflict"}
          /r/resource        | */*              | 200 | application/octet-stream | resource
          /r/inputStream     | */*              | 200 | application/octet-stream | stream
          /r/inputStreamXml  | */*              | 200 | application/xml          | <a/>
          /r/inputStreamEntity | */*            | 200 | image/png                | stream
          /r/csv             | */*              | 200 | text/csv;charset=UTF-8   | a,b/c,d/
          /r/csv             | text/csv         | 200 | text/csv;charset=UTF-8   | a,b/c,d/
          /r/csv             | application/json | 406 | application/problem+json | {"detail":"Acceptable representations: [text/csv].","instance":"/r/csv","status":406,"title":"Not Acceptable"}
          /r/fluxCsv         | */*              | 200 | text/csv;charset=ISO-8859-1 | ä/
          /r/csvEntity       | */*              | 200 | text/csv                 | a,b/c,d/
          /r/linesEntity     | */*              | 200 | application/x-ndjson     | '{"id":1,"name":"one"}/'
          /r/csvOfObjects    | */*              | 500 | application/problem+json | {"instance":"/r/csvOfObjects","status":500,"title":"Internal Server Error"}
          /r/entityOfAny     | */*              | 500 | application/problem+json | {"instance":"/r/entityOfAny","status":500,"title":"Internal Server Error"}
          /r/later           | */*              | 200 | application/json         | {"id":1,"name":"one"}
          /r/laterEntity     | */*              | 201 | application/json         | {"id":1,"name":"one"}
          /r/mono            | */*              | 200 | application/json         | {"id":1,"name":"one"}
          /r/monoEmpty       | */*              | 200 | none                     | ''
          /r/stream          | */*              | 200 | application/json         | [{"id":1,"name":"n1"},{"id":2,"name":"n2"},{"id":3,"name":"n3"}]
          /r/stream          | application/x-ndjson | 200 | application/x-ndjson | '{"id":1,"name":"n1"}/{"id":2,"name":"n2"}/{"id":3,"name":"n3"}/'
          /r/streamEmpty     | */*              | 200 | application/json         | []
          /r/flux            | */*              | 200 | application/json         | [{"id":1,"name":"n1"},{"id":2,"name":"n2"}]
          /r/flux            | text/event-stream | 200 | text/event-stream       | 'data: {"id":1,"name":"n1"}//data: {"id":2,"name":"n2"}//'
          /r/fluxEmpty       | */*              | 200 | application/json         | []
          /r/fluxFails       | */*              | 500 | application/problem+json | {"instance":"/r/fluxFails","status":500,"title":"Internal Server Error"}
          /r/flow            | */*              | 200 | application/json         | ["a","b"]
          /r/events          | */*              | 200 | text/event-stream        | 'event: tick/data: 1//event: tick/data: 2//'
          /r/springEvents    | */*              | 200 | text/event-stream        | 'id: 7/event: e/data: x//'
          /r/streamEvents    | */*              | 200 | text/event-stream        | 'data: x//'
          /r/object          | */*              | 200 | text/plain;charset=UTF-8 | any
          /r/channel         | */*              | 200 | text/plain; charset=utf-8 | over the channel
          /r/channelFails    | */*              | 500 | application/problem+json | {"instance":"/r/channelFails","status":500,"title":"Internal Server Error"}
          /r/laterFails      | */*              | 500 | application/problem+json | {"instance":"/r/laterFails","status":500,"title":"Internal Server Error"}
          """)
  void ofEachKind(String path, String accept, int status, String type, String body) {
    WebApp.with(Controllers.class)
        .run(
            context -> {
              HttpResponse<String> response = WebApp.in(context).get(path, "Accept", accept);
              String given = response.headers().firstValue("Content-Type").orElse("none");
              assertThat(response.statusCode() + " " + given + " " + lines(response.body()))
                  .isEqualTo(status + " " + type + " " + body);
            });
  }

  private static String lines(String body) {
    return body.replace('\n', '/');
  }

  @Test
  void aResourceIsSentWithItsLength() {
    WebApp.with(Controllers.class)
        .run(
            context -> {
              HttpResponse<String> response = WebApp.in(context).get("/r/resource");
              assertThat(response.headers().firstValue("Content-Length")).hasValue("8");
            });
  }

  @Test
  void theHeadersOfAnEntityAreSent() {
    WebApp.with(Controllers.class)
        .run(
            context -> {
              HttpResponse<String> response = WebApp.in(context).get("/r/entity");
              assertThat(response.headers().firstValue("Location")).hasValue("/r/1");
              assertThat(response.headers().allValues("X-Two")).containsExactly("1", "2");
            });
  }

  @Test
  void aHugeStreamIsNotHeldInMemoryAndClosed() {
    WebApp.with(Controllers.class)
        .run(
            context -> {
              int elements = 200_000;
              String body = WebApp.in(context).get("/r/huge?n=" + elements).body();
              assertThat(body.chars().filter(c -> c == '{').count()).isEqualTo(elements);
              assertThat(context.getBean(Api.class).closed.join()).isTrue();
            });
  }

  @Test
  void whoWaitsForEventsIsAnsweredBeforeTheFirst() {
    WebApp.with(Controllers.class)
        .run(
            context -> {
              try (RawConnection peer = new RawConnection(WebApp.in(context).port())) {
                peer.send("GET /r/slowEvents HTTP/1.0", "Accept: text/event-stream");
                assertThat(peer.line()).isEqualTo("HTTP/1.1 200 OK");
                context.getBean(Api.class).firstEvent.complete("first");
                assertThat(peer.all()).endsWith("data: first\n\n");
              }
            });
  }

  /** A publisher is asked for one element more each time one was sent, and never for all. */
  @Test
  void aPublisherIsAskedForOneElementAtATime() {
    WebApp.with(Controllers.class)
        .run(
            context -> {
              assertThat(WebApp.in(context).get("/r/counted").body()).isEqualTo("[0,1,2,3,4]");
              assertThat(context.getBean(Api.class).mostAsked.get()).isEqualTo(1);
            });
  }

  @Test
  void aNonBlockingHandlerRunsOnTheLoop() {
    WebApp.with(Controllers.class)
        .run(
            context -> {
              WebApp app = WebApp.in(context);
              assertThat(app.get("/r/onWorker").body()).startsWith("worker-");
              assertThat(app.get("/r/onLoop").body()).doesNotStartWith("worker-");
              assertThat(app.get("/r/streamOnLoop").body()).startsWith("[\"worker-");
              assertThat(app.get("/r/channelOnLoop").body()).doesNotStartWith("worker-");
              assertThat(app.get("/r/channelOnWorker").body()).startsWith("worker-");
            });
  }

  @ParameterizedTest(name = "{0} of {1} that accepts {2}")
  @CsvSource({
    "GET,  closing,     */*,      200",
    "HEAD, closing,     */*,      200",
    "GET,  closing,     text/csv, 406",
    "GET,  streamFails, */*,      409",
  })
  void aStreamIsClosedWhateverComesOfIt(String method, String path, String accept, int status) {
    WebApp.with(Controllers.class)
        .run(
            context -> {
              assertThat(
                      WebApp.in(context)
                          .send(method, "/r/" + path, "", "Accept", accept)
                          .statusCode())
                  .isEqualTo(status);
              assertThat(context.getBean(Api.class).closed.get(20, TimeUnit.SECONDS)).isTrue();
            });
  }

  @ParameterizedTest(name = "{0} of a resource of unknown length")
  @ValueSource(strings = {"GET", "HEAD"})
  void aResourceIsClosed(String method) {
    WebApp.with(Controllers.class)
        .run(
            context -> {
              assertThat(WebApp.in(context).send(method, "/r/noLength", "").statusCode())
                  .isEqualTo(500);
              assertThat(context.getBean(Api.class).opened.get()).isZero();
            });
  }

  @ParameterizedTest(name = "HEAD {0} ends")
  @ValueSource(strings = {"/r/flux", "/r/events", "/r/channel", "/r/stream", "/r/resource"})
  void aHeadOfAnythingEnds(String path) {
    WebApp.with(Controllers.class)
        .run(
            context -> {
              HttpResponse<String> response = WebApp.in(context).send("HEAD", path, "");
              assertThat(response.statusCode() + response.body()).isEqualTo("200");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD"})
  void anInputStreamIsClosed(String method) {
    WebApp.with(Controllers.class)
        .run(
            context -> {
              HttpResponse<String> response =
                  WebApp.in(context).send(method, "/r/inputStreamClosed", "");
              assertThat(response.statusCode()).isEqualTo(200);
              assertThat(context.getBean(Api.class).closed.get(20, TimeUnit.SECONDS)).isTrue();
            });
  }

  @Test
  void aGroupIsNamedAfterPathVariables() {
    WebApp.with(Controllers.class)
        .run(
            context -> {
              WebApp app = WebApp.in(context);
              assertThat(app.get("/r/group/red").body()).isEqualTo("0");
              ChannelGroup red = context.getBean(ChannelGroups.class).group("room-red");
              assertThat(context.getBean(Api.class).lastGroup).isSameAs(red);
            });
  }

  @Test
  void controllersOfSpringAreTakenWhereNothingElseTakesThem() {
    FilteredClassLoader alone =
        new FilteredClassLoader(
            "org.springframework.web.reactive", "org.springframework.web.servlet");
    WebApp.with(SpringsController.class)
        .withClassLoader(alone)
        .run(context -> assertThat(WebApp.in(context).get("/spring").body()).isEqualTo("taken"));
    WebApp.with(SpringsController.class)
        .run(context -> assertThat(WebApp.in(context).get("/spring").statusCode()).isEqualTo(404));
  }

  @RestController
  static class SpringsController {
    @GetMapping("/spring")
    String spring() {
      return "taken";
    }
  }

  record Item(int id, String name) {}

  @Configuration(proxyBeanMethods = false)
  static class Controllers {
    @Bean
    Api api() {
      return new Api();
    }
  }

  @HttpKitController
  @RequestMapping("/r")
  static class Api {
    private static final Item ONE = new Item(1, "one");

    final CompletableFuture<Boolean> closed = new CompletableFuture<>();
    final CompletableFuture<String> firstEvent = new CompletableFuture<>();
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger mostAsked = new AtomicInteger();
    @Nullable ChannelGroup lastGroup;

    @GetMapping("/text")
    String text() {
      return "text";
    }

    @GetMapping("/bytes")
    byte[] bytes() {
      return "bytes".getBytes(StandardCharsets.UTF_8);
    }

    @GetMapping("/record")
    Item item() {
      return ONE;
    }

    @GetMapping("/list")
    List<Item> list() {
      return List.of(ONE);
    }

    @GetMapping("/null")
    @Nullable Item nothing() {
      return null;
    }

    @GetMapping("/void")
    void none() {}

    @GetMapping("/created")
    @ResponseStatus(HttpStatus.CREATED)
    Item created() {
      return ONE;
    }

    @GetMapping("/entity")
    ResponseEntity<Item> entity() {
      return ResponseEntity.created(URI.create("/r/1")).header("X-Two", "1", "2").body(ONE);
    }

    @GetMapping("/empty")
    ResponseEntity<Void> empty() {
      return ResponseEntity.noContent().build();
    }

    @GetMapping("/xml")
    ResponseEntity<String> xml() {
      return ResponseEntity.ok().contentType(MediaType.APPLICATION_XML).body("<a/>");
    }

    @GetMapping("/response")
    Response response() {
      return Response.text("own").withStatus(Status.ACCEPTED);
    }

    @GetMapping("/problem")
    ProblemDetail problem() {
      return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, "taken");
    }

    @GetMapping("/inputStreamClosed")
    InputStream inputStreamClosed() {
      return new ByteArrayInputStream(new byte[] {'x'}) {
        @Override
        public void close() {
          closed.complete(true);
        }
      };
    }

    @GetMapping("/inputStream")
    InputStream inputStream() {
      return new ByteArrayInputStream("stream".getBytes(StandardCharsets.UTF_8));
    }

    @GetMapping(path = "/inputStreamXml", produces = "application/xml")
    InputStream inputStreamXml() {
      return new ByteArrayInputStream("<a/>".getBytes(StandardCharsets.UTF_8));
    }

    @GetMapping("/inputStreamEntity")
    ResponseEntity<InputStream> inputStreamEntity() {
      return ResponseEntity.ok().contentType(MediaType.IMAGE_PNG).body(inputStream());
    }

    @GetMapping(path = "/csv", produces = "text/csv")
    Stream<String> csv() {
      return Stream.of("a,b", "c,d");
    }

    @GetMapping(path = "/fluxCsv", produces = "text/csv;charset=ISO-8859-1")
    Flux<String> fluxCsv() {
      return Flux.just("ä");
    }

    @GetMapping("/csvEntity")
    ResponseEntity<Stream<String>> csvEntity() {
      return ResponseEntity.ok().contentType(new MediaType("text", "csv")).body(csv());
    }

    @GetMapping("/linesEntity")
    ResponseEntity<Stream<Item>> linesEntity() {
      return ResponseEntity.ok()
          .contentType(MediaType.APPLICATION_NDJSON)
          .body(Stream.of(new Item(1, "one")));
    }

    @GetMapping("/csvOfObjects")
    ResponseEntity<Object> csvOfObjects() {
      return ResponseEntity.ok().contentType(new MediaType("text", "csv")).body(Stream.of(1));
    }

    @GetMapping("/entityOfAny")
    ResponseEntity<?> entityOfAny() {
      return ResponseEntity.ok(CompletableFuture.completedFuture("later"));
    }

    @GetMapping("/resource")
    Resource resource() {
      return new ByteArrayResource("resource".getBytes(StandardCharsets.UTF_8));
    }

    @GetMapping("/later")
    CompletionStage<Item> later() {
      return CompletableFuture.supplyAsync(() -> ONE);
    }

    @GetMapping("/laterEntity")
    CompletableFuture<ResponseEntity<Item>> laterEntity() {
      return CompletableFuture.supplyAsync(() -> ResponseEntity.status(201).body(ONE));
    }

    @GetMapping("/laterFails")
    CompletableFuture<Item> laterFails() {
      return CompletableFuture.supplyAsync(
          () -> {
            throw new IllegalStateException("secret");
          });
    }

    @GetMapping("/mono")
    Mono<Item> mono() {
      return Mono.just(ONE);
    }

    @GetMapping("/monoEmpty")
    Mono<Item> monoEmpty() {
      return Mono.empty();
    }

    @GetMapping("/stream")
    Stream<Item> stream() {
      return IntStream.rangeClosed(1, 3).mapToObj(i -> new Item(i, "n" + i));
    }

    @GetMapping("/streamEmpty")
    Stream<Item> streamEmpty() {
      return Stream.empty();
    }

    @GetMapping("/huge")
    Stream<Item> huge(@RequestParam int n) {
      return IntStream.range(0, n)
          .mapToObj(i -> new Item(i, "name"))
          .onClose(() -> closed.complete(true));
    }

    @GetMapping("/flux")
    Flux<Item> flux() {
      return Flux.range(1, 2).map(i -> new Item(i, "n" + i));
    }

    @GetMapping("/fluxEmpty")
    Flux<Item> fluxEmpty() {
      return Flux.empty();
    }

    @GetMapping("/fluxFails")
    Flux<Item> fluxFails() {
      return Flux.error(new IllegalStateException("secret"));
    }

    static final class LocalException extends RuntimeException {
      private static final long serialVersionUID = 1L;

      LocalException() {
        super("publisher");
      }
    }

    @ExceptionHandler
    @ResponseStatus(HttpStatus.CONFLICT)
    String local(LocalException e) {
      return "local: " + e.getMessage();
    }

    @ExceptionHandler(ArithmeticException.class)
    @ResponseStatus(HttpStatus.NOT_FOUND)
    Mono<String> localLater() {
      return Mono.just("handled later").delayElement(Duration.ofMillis(1));
    }

    @ExceptionHandler(ArrayStoreException.class)
    CompletionStage<String> localBadly() {
      return CompletableFuture.failedFuture(new IllegalStateException("secret"));
    }

    @ExceptionHandler(NegativeArraySizeException.class)
    CompletionStage<ResponseEntity<Flux<String>>> localByChannel() {
      return CompletableFuture.completedFuture(ResponseEntity.ok(Flux.just("a", "b")));
    }

    @GetMapping("/handledBadly")
    Flux<Item> handledBadly() {
      return Flux.error(new ArrayStoreException());
    }

    @GetMapping("/handledByChannel")
    Flux<Item> handledByChannel() {
      return Flux.error(new NegativeArraySizeException());
    }

    @GetMapping("/channelFailsLater")
    void channelFailsLater(AsyncChannel channel) {
      throw new ArithmeticException();
    }

    @GetMapping("/streamFails")
    Stream<Item> streamFails() {
      return Stream.of(1)
          .<Item>map(
              i -> {
                throw new LocalException();
              })
          .onClose(() -> closed.complete(true));
    }

    @GetMapping("/okDeclared")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<String> okDeclared() {
      return ResponseEntity.ok("ok");
    }

    @GetMapping("/okResponse")
    @ResponseStatus(HttpStatus.CREATED)
    Response okResponse() {
      return Response.text("ok");
    }

    @GetMapping("/okLater")
    @ResponseStatus(HttpStatus.CREATED)
    Mono<ResponseEntity<String>> okLater() {
      return Mono.just(ResponseEntity.ok("ok"));
    }

    @GetMapping("/httpEntity")
    @ResponseStatus(HttpStatus.CREATED)
    HttpEntity<String> httpEntity() {
      return new HttpEntity<>("entity");
    }

    @GetMapping("/fluxFailsLocally")
    Flux<Item> fluxFailsLocally() {
      return Flux.error(new LocalException());
    }

    @GetMapping("/flowFailsLocally")
    Flow.Publisher<Item> flowFailsLocally() {
      SubmissionPublisher<Item> publisher = new SubmissionPublisher<>();
      publisher.closeExceptionally(new LocalException());
      return publisher;
    }

    @GetMapping("/monoFailsLocally")
    Mono<Item> monoFailsLocally() {
      return Mono.error(new LocalException());
    }

    @GetMapping("/fluxMapsBadly")
    Flux<Item> fluxMapsBadly() {
      return Flux.just(1)
          .map(
              i -> {
                throw new LocalException();
              });
    }

    @GetMapping("/handledLater")
    Flux<Item> handledLater() {
      return Flux.error(new ArithmeticException());
    }

    @GetMapping("/streamNull")
    Stream<@Nullable Item> streamNull() {
      return Stream.of(null, ONE);
    }

    @GetMapping("/counted")
    Flux<Integer> counted() {
      return Flux.range(0, 5)
          .doOnRequest(n -> mostAsked.accumulateAndGet((int) Math.min(n, 1000), Math::max));
    }

    @GetMapping("/flow")
    Flow.Publisher<String> flow() {
      SubmissionPublisher<String> publisher = new SubmissionPublisher<>();
      return subscriber -> {
        publisher.subscribe(subscriber);
        publisher.submit("a");
        publisher.submit("b");
        publisher.close();
      };
    }

    @GetMapping("/events")
    Flux<ServerSentEvent> events() {
      return Flux.range(1, 2).map(i -> ServerSentEvent.of("tick", "" + i));
    }

    @GetMapping("/springEvents")
    Flux<org.springframework.http.codec.ServerSentEvent<String>> springEvents() {
      return Flux.just(
          org.springframework.http.codec.ServerSentEvent.builder("x").id("7").event("e").build());
    }

    @GetMapping("/streamEvents")
    Stream<ServerSentEvent> streamEvents() {
      return Stream.of(ServerSentEvent.of("x"));
    }

    @GetMapping("/object")
    Object object() {
      return "any";
    }

    @GetMapping("/channel")
    void channel(AsyncChannel channel) {
      channel.send(Response.text("over the channel"));
    }

    @GetMapping("/channelFails")
    void channelFails(AsyncChannel channel) {
      throw new IllegalStateException("secret");
    }

    @GetMapping("/onWorker")
    String onWorker() {
      return Thread.currentThread().getName();
    }

    @NonBlocking
    @GetMapping("/onLoop")
    String onLoop() {
      return Thread.currentThread().getName();
    }

    @NonBlocking
    @GetMapping("/streamOnLoop")
    Stream<String> streamOnLoop() {
      return Stream.of(1).map(i -> Thread.currentThread().getName());
    }

    @GetMapping("/slowEvents")
    Stream<String> slowEvents() {
      return Stream.generate(firstEvent::join).limit(1);
    }

    @NonBlocking
    @GetMapping("/channelOnLoop")
    void channelOnLoop(AsyncChannel channel) {
      channel.send(Thread.currentThread().getName());
    }

    @GetMapping("/channelOnWorker")
    void channelOnWorker(AsyncChannel channel) {
      channel.send(Thread.currentThread().getName());
    }

    @GetMapping("/closing")
    Stream<Item> closing() {
      return Stream.of(ONE).onClose(() -> closed.complete(true));
    }

    @GetMapping("/noLength")
    Resource noLength() {
      return new AbstractResource() {
        @Override
        public String getDescription() {
          return "without a length";
        }

        @Override
        public InputStream getInputStream() {
          opened.incrementAndGet();
          return InputStream.nullInputStream();
        }

        @Override
        public long contentLength() throws IOException {
          throw new IOException("secret");
        }
      };
    }

    @GetMapping("/group/{room}")
    String group(@Group("room-{room}") ChannelGroup group, @PathVariable String room) {
      lastGroup = group;
      return "" + group.size();
    }
  }
}
