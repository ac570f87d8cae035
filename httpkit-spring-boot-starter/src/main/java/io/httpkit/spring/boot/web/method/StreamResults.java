package io.httpkit.spring.boot.web.method;

import io.httpkit.channel.ServerSentEvent;
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
 * which is asked for more when the peer has taken what was sent. They are written as server-sent
 * events, as lines of JSON or text, or as a JSON array.
 */
final class StreamResults {
  private static final MediaType LINES = MediaType.APPLICATION_NDJSON;
  private static final List<MediaType> FORMATS =
      List.of(MediaType.APPLICATION_JSON, LINES, MediaType.TEXT_EVENT_STREAM);

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
    Class<?> raw = element.resolve(Object.class);
    boolean isEvents = ServerSentEvent.class.isAssignableFrom(raw) || SpringEvents.isEvent(raw);
    List<MediaType> produces =
        returned.produces().stream().map(each -> written(each, raw, returned)).toList();
    List<MediaType> formats =
        !produces.isEmpty() ? produces : isEvents ? List.of(MediaType.TEXT_EVENT_STREAM) : FORMATS;
    ElementWriter elements = new ElementWriter(writer, element);
    return (value, request) ->
        value == null
            ? Response.of(Status.OK)
            : write(value, () -> format(formats, request), elements, returned, request);
  }

  /** Writes a stream in a type that is decided already. */
  Response writeAs(
      Object value, ResolvableType type, MediaType mediaType, Returned returned, Request request)
      throws IOException {
    ResolvableType element = element(type);
    return write(
        value,
        () -> written(mediaType, element.resolve(Object.class), returned),
        new ElementWriter(writer, element),
        returned,
        request);
  }

  /** The type as it is sent. */
  private static MediaType written(MediaType mediaType, Class<?> element, Returned returned) {
    if (!ElementWriter.canWrite(mediaType, element)) {
      throw new HandlerMethodException(
          returned.method(),
          "produces %s of a stream of %s, and how that is written is not known"
              .formatted(mediaType, element.getSimpleName()),
          "Produce application/json, application/x-ndjson or text/event-stream, or return a stream of"
              + " String: its elements are the lines of any text.");
    }
    return ElementWriter.written(mediaType);
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
      Object value,
      Supplier<MediaType> type,
      ElementWriter elements,
      Returned returned,
      Request request)
      throws IOException {
    try {
      MediaType format = type.get();
      return value instanceof Stream<?> stream
          ? stream(stream, format, elements, returned.mayWait())
          : publisher(value, format, elements, returned.failures(), request);
    } catch (RuntimeException | IOException | Error e) {
      if (value instanceof Stream<?> stream) {
        stream.close();
      }
      throw e;
    }
  }

  private static MediaType format(List<MediaType> formats, Request request) {
    AcceptHeader accepted = RequestValues.accepted(request);
    for (MediaType wished : accepted.types()) {
      for (MediaType format : formats) {
        if (accepted.matches(wished, format)) {
          return format;
        }
      }
    }
    throw new NotAcceptableStatusException(formats);
  }

  private static Response stream(
      Stream<?> stream, MediaType mediaType, ElementWriter elements, boolean mayWait)
      throws IOException {
    ElementWriter.Format format = elements.format(mediaType);
    ElementInputStream pieces = new ElementInputStream(stream, format);
    if (mayWait && !format.isEvents()) {
      pieces.begin();
    }
    Headers headers = Headers.of("Content-Type", mediaType.toString());
    return Response.of(Status.OK, headers, Body.of(pieces));
  }

  private Response publisher(
      Object value,
      MediaType mediaType,
      ElementWriter elements,
      Failures failures,
      Request request) {
    Flow.Publisher<?> publisher =
        value instanceof Flow.Publisher<?> flow ? flow : ReactiveTypes.publisher(value);
    ElementWriter.Format format = elements.format(mediaType);
    PublisherChannel channel = new PublisherChannel(publisher, format, request, failures, problems);
    // events cannot be sent over a WebSocket, also not to a client that asks for one
    return format.isEvents() && request.isWebSocket()
        ? request.asEventStream(channel)
        : request.asChannel(channel).withType(mediaType.toString());
  }
}
