package io.httpkit.spring.boot.web.method;

import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.server.AcceptHeader;
import io.httpkit.spring.boot.web.ResultWriter;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import java.util.stream.BaseStream;
import java.util.stream.Stream;
import org.springframework.core.ResolvableType;
import org.springframework.http.MediaType;
import org.springframework.web.server.NotAcceptableStatusException;

/**
 * Results of many elements that are sent one after the other: a {@code Stream}, or a publisher,
 * which is asked for more when the peer has taken what was sent.
 */
final class StreamResults {
  private static final List<MediaType> EVENTS = List.of(MediaType.TEXT_EVENT_STREAM);
  private static final List<MediaType> FORMATS =
      List.of(
          MediaType.APPLICATION_JSON, MediaType.APPLICATION_NDJSON, MediaType.TEXT_EVENT_STREAM);

  private final MessageWriter writer;
  private final Problems problems;

  StreamResults(MessageWriter writer, Problems problems) {
    this.writer = writer;
    this.problems = problems;
  }

  boolean isStream(Class<?> type) {
    return Stream.class.isAssignableFrom(type)
        || Flow.Publisher.class.isAssignableFrom(type)
        || ReactiveTypes.isMulti(type);
  }

  /**
   * The writer for a stream of this type.
   *
   * @throws HandlerMethodException if it cannot be written as the method says it produces
   */
  ResultWriter writer(ResolvableType type, Returned returned) {
    ResolvableType element = element(type);
    List<MediaType> produces = returned.produces();
    if (produces.isEmpty()) {
      produces = ElementWriter.isEvent(element.resolve(Object.class)) ? EVENTS : FORMATS;
    }
    List<ElementWriter> formats =
        produces.stream().map(each -> elements(element, each, returned)).toList();
    return (value, request) ->
        value == null
            ? Response.of(Status.OK)
            : write(value, () -> accepted(formats, request), returned, request);
  }

  /** Writes a stream in a type that is decided already. */
  Response writeAs(
      Object value, ResolvableType type, MediaType mediaType, Returned returned, Request request)
      throws IOException {
    return write(value, () -> elements(element(type), mediaType, returned), returned, request);
  }

  private ElementWriter elements(ResolvableType element, MediaType mediaType, Returned returned) {
    Class<?> raw = element.resolve(Object.class);
    if (!ElementWriter.canWrite(mediaType, raw)) {
      throw new HandlerMethodException(
          returned.method(),
          "produces %s of a stream of %s, and how that is written is not known"
              .formatted(mediaType, raw.getSimpleName()),
          "Produce application/json, application/x-ndjson or text/event-stream, or return a stream"
              + " of String: its elements are the lines of any text.");
    }
    return new ElementWriter(writer, element, mediaType);
  }

  private static ResolvableType element(ResolvableType type) {
    Class<?> raw = type.resolve(Object.class);
    if (Stream.class.isAssignableFrom(raw)) {
      return type.as(BaseStream.class).getGeneric(0);
    }
    return Flow.Publisher.class.isAssignableFrom(raw)
        ? type.as(Flow.Publisher.class).getGeneric()
        : type.getGeneric();
  }

  /** A stream that is not sent is closed here, as nobody else would. */
  private Response write(
      Object value, Supplier<ElementWriter> format, Returned returned, Request request)
      throws IOException {
    try {
      ElementWriter elements = format.get();
      return value instanceof Stream<?> stream
          ? stream(stream, elements, returned.mayWait())
          : publisher(value, elements, returned.failures(), request);
    } catch (RuntimeException | IOException | Error e) {
      if (value instanceof Stream<?> stream) {
        stream.close();
      }
      throw e;
    }
  }

  private static ElementWriter accepted(List<ElementWriter> formats, Request request) {
    AcceptHeader accepted = RequestValues.accepted(request);
    for (MediaType wished : accepted.types()) {
      for (ElementWriter format : formats) {
        if (accepted.matches(wished, format.mediaType())) {
          return format;
        }
      }
    }
    throw new NotAcceptableStatusException(formats.stream().map(ElementWriter::mediaType).toList());
  }

  private static Response stream(Stream<?> stream, ElementWriter elements, boolean mayWait)
      throws IOException {
    ElementInputStream pieces = new ElementInputStream(stream, elements);
    if (mayWait && !elements.isEvents()) {
      pieces.begin();
    }
    Headers headers = Headers.of("Content-Type", elements.mediaType().toString());
    return Response.of(Status.OK, headers, Body.of(pieces));
  }

  private Response publisher(
      Object value, ElementWriter elements, Failures failures, Request request) {
    Flow.Publisher<?> publisher =
        value instanceof Flow.Publisher<?> flow ? flow : ReactiveTypes.publisher(value);
    PublisherChannel channel =
        new PublisherChannel(publisher, elements, request, failures, problems);
    // events cannot be sent over a WebSocket, also not to a client that asks for one
    return elements.isEvents() && request.isWebSocket()
        ? request.asEventStream(channel)
        : request.asChannel(channel).withType(elements.mediaType().toString());
  }
}
