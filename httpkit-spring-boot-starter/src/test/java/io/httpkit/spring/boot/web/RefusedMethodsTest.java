package io.httpkit.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelGroup;
import io.httpkit.spring.boot.autoconfigure.HttpKitServerAutoConfiguration;
import io.httpkit.spring.boot.autoconfigure.HttpKitWebAutoConfiguration;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpEntity;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.InitBinder;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.SessionAttribute;
import org.springframework.web.context.request.async.DeferredResult;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Methods that cannot be handlers stop the start, and the report says what to write instead. */
@ExtendWith(OutputCaptureExtension.class)
class RefusedMethodsTest {
  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(
            UnknownParameter.class,
            "UnknownParameter.get(Closeable)",
            "has the parameter unknown of type java.io.Closeable",
            "Annotate it with @PathVariable"),
        Arguments.of(NoGroup.class, "NoGroup.get(ChannelGroup)", "not said which", "Write @Group"),
        Arguments.of(
            ChannelAndResult.class,
            "ChannelAndResult.get(AsyncChannel)",
            "takes the channel and returns a value",
            "Return void"),
        Arguments.of(
            MissingPrimitive.class,
            "MissingPrimitive.get(int)",
            "may be missing but is a int",
            "Give it a defaultValue"),
        Arguments.of(
            Duplicate.class,
            "Duplicate.",
            "is mapped to GET /same like",
            "Change the path or method of one of them"),
        Arguments.of(SamePaths.class, "SamePaths.", "cannot be mapped to GET", "Change the path"),
        Arguments.of(
            NoMediaType.class,
            "NoMediaType.get()",
            "consumes or produces \"json\", which is not a media type",
            "Write a type such as application/json"),
        Arguments.of(
            NoMediaTypeOfClass.class,
            "NoMediaTypeOfClass.get()",
            "consumes or produces \"text/\", which is not a media type",
            "Write a type such as application/json"),
        Arguments.of(
            NotProduced.class,
            "NotProduced.get()",
            "consumes or produces \"!text/plain\", which is not a media type",
            "Write a type such as application/json"),
        Arguments.of(
            NotAccepted.class,
            "NotAccepted.get()",
            "consumes or produces \"!text/plain\", which is not a media type",
            "Write a type such as application/json"),
        Arguments.of(
            ErrorOfNoMediaType.class,
            "ErrorOfNoMediaType",
            "produce what is no media type",
            "Let each @ExceptionHandler name errors"),
        Arguments.of(StarStar.class, "StarStar.get()", "** is not known here", "Write {*name}"),
        Arguments.of(
            Malformed.class, "Malformed.get()", "cannot be mapped to GET /{a", "Change the path"),
        Arguments.of(
            NoSuchVariable.class,
            "NoSuchVariable.get(String)",
            "wants the path variable name, which \"/{id}\" does not have",
            "Write {name} in the path"),
        Arguments.of(
            StarInTheName.class,
            "StarInTheName.get(String)",
            "wants the path variable *rest, which \"/f/{*rest}\" does not have",
            "name a variable that is there"),
        Arguments.of(
            ExpressionInTheName.class,
            "ExpressionInTheName.get(String)",
            "wants the path variable id:[0-9]+, which \"/f/{id:[0-9]+}\" does not have",
            "name a variable that is there"),
        Arguments.of(
            ChannelWithoutVariable.class,
            "ChannelWithoutVariable.open(String)",
            "wants the path variable room, which \"/chat\" does not have",
            "Write {room} in the path"),
        Arguments.of(
            NotFromText.class,
            "NotFromText.get(Closeable)",
            "has the parameter it of type java.io.Closeable, which text cannot become",
            "add a bean of type Converter"),
        Arguments.of(
            ErrorWithUnknown.class,
            "ErrorWithUnknown.failed(Closeable)",
            "has the parameter unknown of type java.io.Closeable",
            "Annotate it with @PathVariable"),
        Arguments.of(
            ErrorWithChannel.class,
            "ErrorWithChannel.failed(IOException, AsyncChannel)",
            "takes the channel, which is not there for errors",
            "do without the channel"),
        Arguments.of(
            SameErrors.class,
            "SameErrors",
            "Ambiguous @ExceptionHandler method",
            "each error be named by one method only"),
        Arguments.of(
            Binder.class,
            "Binder.binder(WebDataBinder)",
            "has @InitBinder, which is not known here",
            "Bind to a record or class that has only what clients may set"),
        Arguments.of(
            BinderAdvice.class,
            "BinderAdvice.binder(WebDataBinder)",
            "has @InitBinder, which is not known here",
            "Bind to a record or class that has only what clients may set"),
        Arguments.of(
            Model.class,
            "Model.model()",
            "has @ModelAttribute, which is not known here",
            "Make the object in the handler methods"),
        Arguments.of(
            NotBound.class,
            "NotBound.get(Item)",
            "has the parameter item, which is a @ModelAttribute that is not to be bound",
            "Make the object in the method"),
        Arguments.of(
            OfSession.class,
            "OfSession.get(Item)",
            "Item, and nothing says where its value comes from",
            "add a bean of type ArgumentResolver"),
        Arguments.of(
            OtherOrigins.class,
            "OtherOrigins.get()",
            "has @CrossOrigin, which is not known here",
            "Access-Control-* in a bean of type HttpKitInterceptor"),
        Arguments.of(
            OtherOriginsOfClass.class,
            "RefusedMethodsTest$OtherOriginsOfClass",
            "has @CrossOrigin, which is not known here",
            "Access-Control-* in a bean of type HttpKitInterceptor"),
        Arguments.of(
            EntityOfMono.class,
            "EntityOfMono.get()",
            "returns org.springframework.http.ResponseEntity<reactor.core.publisher.Mono<java.lang.String>>",
            "Return Mono<T>, or Mono<ResponseEntity<T>>"),
        Arguments.of(
            EntityOfFuture.class,
            "EntityOfFuture.get()",
            "nothing is answered with a CompletableFuture there",
            "CompletableFuture<ResponseEntity<T>>"),
        Arguments.of(
            MonoOfFuture.class,
            "MonoOfFuture.get()",
            "nothing is answered with a CompletableFuture there",
            "Return CompletableFuture<T>"),
        Arguments.of(
            OfCallable.class,
            "OfCallable.get()",
            "nothing is answered with a Callable there",
            "Return what it comes to"),
        Arguments.of(
            OfThread.class,
            "OfThread.get()",
            "nothing is answered with a Thread there",
            "Return what it comes to"),
        Arguments.of(
            OfFuture.class,
            "OfFuture.get()",
            "nothing is answered with a Future there",
            "Return a CompletableFuture"),
        Arguments.of(
            OfDeferred.class,
            "OfDeferred.get()",
            "nothing is answered with a DeferredResult there",
            "Return a CompletableFuture"),
        Arguments.of(
            OfReader.class,
            "OfReader.get()",
            "nothing is answered with a Reader there",
            "Return a String, an InputStream"),
        Arguments.of(
            NotWritable.class,
            "NotWritable.get()",
            "which no message converter writes",
            "add a bean of type HttpMessageConverter or ResultResolver"),
        Arguments.of(
            CsvOfObjects.class,
            "CsvOfObjects.get()",
            "produces text/csv of a stream of Item",
            "or return a stream of String"),
        Arguments.of(
            StreamOfAnyType.class,
            "StreamOfAnyType.get()",
            "produces text/* of a stream of String",
            "Produce application/json"),
        Arguments.of(
            MonoBody.class,
            "MonoBody.get(Mono)",
            "has the parameter body, a body of type reactor.core.publisher.Mono<java.lang.String>",
            "Take the type itself in place of a Mono"),
        Arguments.of(
            FluxBody.class,
            "FluxBody.get(Flux)",
            "has the parameter body, a body of type",
            "in place of a Flux"),
        Arguments.of(
            StageBody.class,
            "StageBody.get(CompletionStage)",
            "has the parameter body, a body of type",
            "in place of a CompletionStage"),
        Arguments.of(
            EntityBody.class,
            "EntityBody.get(HttpEntity)",
            "has the parameter body, a body of type",
            "in place of a Publisher"),
        Arguments.of(
            PartOfBody.class,
            "PartOfBody.get(Item)",
            "has the @RequestPart part",
            "Take the body as InputStream or byte[]"),
        Arguments.of(
            DuplicateInOtherOrder.class,
            "DuplicateInOtherOrder.",
            "is mapped to GET /same like",
            "give them different consumes, produces, params or headers"),
        Arguments.of(
            Versioned.class,
            "Versioned.get()",
            "is mapped to the version \"1\", and versions are not known here",
            "Write the version into the path"),
        Arguments.of(
            VersionedClass.class,
            "VersionedClass.get()",
            "is mapped to the version \"2\", and versions are not known here",
            "Write the version into the path"),
        Arguments.of(
            StaticAndConstrained.class,
            "StaticAndConstrained.get(int)",
            "is static, and Jakarta Validation does not look",
            "Do without static"),
        Arguments.of(
            ValidEntity.class,
            "ValidEntity.get()",
            "and constraints of what is in it are not checked",
            "Check it where it is made"),
        Arguments.of(
            ValidMono.class,
            "ValidMono.get()",
            "and constraints of what is in it are not checked",
            "Check it where it is made"),
        Arguments.of(
            MalformedChannel.class,
            "MalformedChannel",
            "cannot be mapped to \"/{a\"",
            "Change the path of its @ChannelMapping"),
        Arguments.of(
            TooLargeMessages.class,
            "TooLargeMessages",
            "has options that cannot be",
            "Change them at its @ChannelMapping"),
        Arguments.of(
            SilentChannel.class,
            "SilentChannel",
            "has no method for what happens to a channel",
            "@OnOpen, @OnMessage, @OnClose, @OnError or @OnPing"),
        Arguments.of(
            ChannelWithRequests.class,
            "ChannelWithRequests.get()",
            "is mapped to requests, in a class for channels",
            "Move it to a @HttpKitController"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void stopTheStart(
      Class<?> controller, String method, String problem, String action, CapturedOutput output) {
    Throwable thrown =
        Assertions.catchThrowable(
            () ->
                new SpringApplicationBuilder(App.class, controller)
                    .web(WebApplicationType.NONE)
                    .properties("httpkit.port=0")
                    .run()
                    .close());
    assertThat(thrown).isNotNull();
    assertThat(output.toString())
        .contains("APPLICATION FAILED TO START")
        .contains(method)
        .contains(problem)
        .contains(action);
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    HttpKitServerAutoConfiguration.class,
    HttpKitWebAutoConfiguration.class
  })
  static class App {}

  @HttpKitController
  static class UnknownParameter {
    @GetMapping("/")
    String get(Closeable unknown) {
      return "";
    }
  }

  @HttpKitController
  static class NoGroup {
    @GetMapping("/")
    String get(ChannelGroup group) {
      return "";
    }
  }

  @HttpKitController
  static class ChannelAndResult {
    @GetMapping("/")
    String get(AsyncChannel channel) {
      return "";
    }
  }

  @HttpKitController
  static class MissingPrimitive {
    @GetMapping("/")
    String get(@RequestParam(required = false) int n) {
      return "";
    }
  }

  @HttpKitController
  static class Duplicate {
    @GetMapping("/same")
    String one() {
      return "";
    }

    @GetMapping("/same")
    String two() {
      return "";
    }
  }

  @HttpKitController
  static class SamePaths {
    @GetMapping("/{a}")
    String one() {
      return "";
    }

    @GetMapping("/{b}")
    String two() {
      return "";
    }
  }

  @HttpKitController
  @RequestMapping("/files")
  static class StarStar {
    @GetMapping("/**")
    String get() {
      return "";
    }
  }

  @HttpKitController
  static class NoMediaType {
    @GetMapping(path = "/", produces = "json")
    String get() {
      return "";
    }
  }

  @HttpKitController
  @RequestMapping(consumes = "text/")
  static class NoMediaTypeOfClass {
    @GetMapping("/")
    String get() {
      return "";
    }
  }

  @HttpKitController
  static class NotProduced {
    @GetMapping(path = "/", produces = "!text/plain")
    String get() {
      return "";
    }
  }

  @HttpKitController
  static class NotAccepted {
    @GetMapping(path = "/", headers = "Accept!=text/plain")
    String get() {
      return "";
    }
  }

  @HttpKitController
  static class ErrorOfNoMediaType {
    @ExceptionHandler(exception = IOException.class, produces = "json")
    String failed() {
      return "";
    }
  }

  @HttpKitController
  static class Malformed {
    @GetMapping("/{a")
    String get() {
      return "";
    }
  }

  @HttpKitController
  static class StarInTheName {
    @GetMapping("/f/{*rest}")
    String get(@PathVariable("*rest") String rest) {
      return rest;
    }
  }

  @HttpKitController
  static class ExpressionInTheName {
    @GetMapping("/f/{id:[0-9]+}")
    String get(@PathVariable("id:[0-9]+") String id) {
      return id;
    }
  }

  @HttpKitController
  static class NoSuchVariable {
    @GetMapping("/{id}")
    String get(@PathVariable String name) {
      return name;
    }
  }

  @ChannelMapping("/chat")
  static class ChannelWithoutVariable {
    @OnOpen
    void open(@PathVariable String room) {}
  }

  @HttpKitController
  static class NotFromText {
    @GetMapping("/")
    String get(@RequestParam Closeable it) {
      return "";
    }
  }

  @HttpKitController
  static class ErrorWithUnknown {
    @ExceptionHandler(IOException.class)
    String failed(Closeable unknown) {
      return "";
    }
  }

  @HttpKitController
  static class ErrorWithChannel {
    @ExceptionHandler
    void failed(IOException e, AsyncChannel channel) {}
  }

  @HttpKitController
  static class SameErrors {
    @ExceptionHandler
    String one(IOException e) {
      return "";
    }

    @ExceptionHandler
    String two(IOException e) {
      return "";
    }
  }

  record Item(int n) {}

  @HttpKitController
  static class Binder {
    @InitBinder
    void binder(WebDataBinder binder) {
      binder.setDisallowedFields("n");
    }

    @GetMapping("/")
    String get(Item item) {
      return "";
    }
  }

  @ControllerAdvice
  static class BinderAdvice {
    @InitBinder
    void binder(WebDataBinder binder) {
      binder.setDisallowedFields("n");
    }
  }

  @HttpKitController
  static class Model {
    @ModelAttribute
    Item model() {
      return new Item(1);
    }

    @GetMapping("/")
    String get(Item item) {
      return "";
    }
  }

  @HttpKitController
  static class NotBound {
    @GetMapping("/")
    String get(@ModelAttribute(binding = false) Item item) {
      return "";
    }
  }

  @HttpKitController
  static class OfSession {
    @GetMapping("/")
    String get(@SessionAttribute Item item) {
      return "";
    }
  }

  @HttpKitController
  static class OtherOrigins {
    @CrossOrigin("https://example.org")
    @GetMapping("/")
    String get() {
      return "";
    }
  }

  @HttpKitController
  @CrossOrigin
  static class OtherOriginsOfClass {
    @GetMapping("/")
    String get() {
      return "";
    }
  }

  @HttpKitController
  static class EntityOfMono {
    @GetMapping("/")
    @Nullable ResponseEntity<Mono<String>> get() {
      return null;
    }
  }

  @HttpKitController
  static class EntityOfFuture {
    @GetMapping("/")
    @Nullable ResponseEntity<CompletableFuture<String>> get() {
      return null;
    }
  }

  @HttpKitController
  static class MonoOfFuture {
    @GetMapping("/")
    @Nullable Mono<CompletableFuture<String>> get() {
      return null;
    }
  }

  @HttpKitController
  static class OfCallable {
    @GetMapping("/")
    @Nullable Callable<String> get() {
      return null;
    }
  }

  @HttpKitController
  static class OfThread {
    @GetMapping("/")
    @Nullable Thread get() {
      return null;
    }
  }

  @HttpKitController
  static class OfFuture {
    @GetMapping("/")
    @Nullable Future<String> get() {
      return null;
    }
  }

  @HttpKitController
  static class OfDeferred {
    @GetMapping("/")
    @Nullable DeferredResult<String> get() {
      return null;
    }
  }

  @HttpKitController
  static class OfReader {
    @GetMapping("/")
    @Nullable Reader get() {
      return null;
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class NoConverters {
    @Bean
    ServerHttpMessageConvertersCustomizer none() {
      return builder -> builder.configureMessageConvertersList(List::clear);
    }
  }

  @Import(NoConverters.class)
  @HttpKitController
  static class NotWritable {
    @GetMapping("/")
    @Nullable Item get() {
      return null;
    }
  }

  @HttpKitController
  static class CsvOfObjects {
    @GetMapping(path = "/", produces = "text/csv")
    @Nullable Stream<Item> get() {
      return null;
    }
  }

  @HttpKitController
  static class StreamOfAnyType {
    @GetMapping(path = "/", produces = "text/*")
    @Nullable Stream<String> get() {
      return null;
    }
  }

  @HttpKitController
  static class MonoBody {
    @PostMapping("/")
    void get(@RequestBody Mono<String> body) {}
  }

  @HttpKitController
  static class FluxBody {
    @PostMapping("/")
    void get(@RequestBody Flux<String> body) {}
  }

  @HttpKitController
  static class StageBody {
    @PostMapping("/")
    void get(@RequestBody CompletionStage<String> body) {}
  }

  @HttpKitController
  static class EntityBody {
    @PostMapping("/")
    void get(HttpEntity<Flow.Publisher<String>> body) {}
  }

  @HttpKitController
  static class PartOfBody {
    @PostMapping("/")
    void get(@RequestPart("part") Item part) {}
  }

  @HttpKitController
  static class DuplicateInOtherOrder {
    @GetMapping(
        path = "/same",
        params = {"a", "b"})
    String one() {
      return "";
    }

    @GetMapping(
        path = "/same",
        params = {"b", "a"})
    String two() {
      return "";
    }
  }

  @HttpKitController
  static class Versioned {
    @GetMapping(path = "/", version = "1")
    String get() {
      return "";
    }
  }

  @HttpKitController
  @RequestMapping(version = "2")
  static class VersionedClass {
    @GetMapping("/")
    String get() {
      return "";
    }
  }

  @HttpKitController
  @ImportAutoConfiguration(ValidationAutoConfiguration.class)
  static class StaticAndConstrained {
    @GetMapping("/")
    static String get(@RequestParam @Max(3) int n) {
      return "";
    }
  }

  @HttpKitController
  @ImportAutoConfiguration(ValidationAutoConfiguration.class)
  static class ValidEntity {
    @Valid
    @GetMapping("/")
    ResponseEntity<Item> get() {
      return ResponseEntity.ok(new Item(1));
    }
  }

  @HttpKitController
  @ImportAutoConfiguration(ValidationAutoConfiguration.class)
  static class ValidMono {
    @GetMapping("/")
    Mono<@Valid Item> get() {
      return Mono.just(new Item(1));
    }
  }

  @ChannelMapping("/{a")
  static class MalformedChannel {
    @OnOpen
    void open(AsyncChannel channel) {}
  }

  @ChannelMapping(path = "/large", maxMessage = "4GB")
  static class TooLargeMessages {
    @OnOpen
    void open(AsyncChannel channel) {}
  }

  @ChannelMapping("/silent")
  static class SilentChannel {
    void open(AsyncChannel channel) {}
  }

  @ChannelMapping("/both")
  static class ChannelWithRequests {
    @OnOpen
    void open(AsyncChannel channel) {}

    @GetMapping("/get")
    String get() {
      return "";
    }
  }
}
