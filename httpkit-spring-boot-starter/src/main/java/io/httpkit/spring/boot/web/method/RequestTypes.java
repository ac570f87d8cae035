package io.httpkit.spring.boot.web.method;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelGroup;
import io.httpkit.http.Headers;
import io.httpkit.server.Request;
import io.httpkit.spring.boot.web.ArgumentResolver;
import io.httpkit.spring.boot.web.ArgumentSource;
import io.httpkit.spring.boot.web.ChannelGroups;
import io.httpkit.spring.boot.web.Group;
import java.io.InputStream;
import java.security.Principal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpMethod;

/** Parameters that are known by their type alone. */
final class RequestTypes implements ArgumentResolver {
  private static final Map<Class<?>, ArgumentSource> SOURCES =
      Map.of(
          Request.class, request -> request,
          AsyncChannel.class, Invocable.PROVIDED,
          Locale.class, RequestTypes::locale,
          Principal.class, RequestTypes::principal,
          Headers.class, Request::headers,
          HttpMethod.class, request -> HttpMethod.valueOf(request.method().name()),
          InputStream.class, Request::stream);

  /** In the name of a group. */
  private static final Pattern VARIABLE = Pattern.compile("\\{([^{}]+)}");

  private final ChannelGroups groups;

  RequestTypes(ChannelGroups groups) {
    this.groups = groups;
  }

  /** Whether parameters of this type are never anything else. */
  static boolean isKnown(Class<?> type) {
    return type == ChannelGroup.class || SOURCES.containsKey(type);
  }

  @Override
  public @Nullable ArgumentSource resolve(MethodParameter parameter) {
    Class<?> type = parameter.getParameterType();
    return type == ChannelGroup.class ? group(parameter) : SOURCES.get(type);
  }

  private ArgumentSource group(MethodParameter parameter) {
    Group group = parameter.getParameterAnnotation(Group.class);
    if (group == null) {
      throw new HandlerMethodException(
          parameter,
          "has a ChannelGroup of which is not said which",
          "Write @Group(\"name\") in front of it; the name may hold path variables in braces.");
    }
    String name = group.value();
    return request -> groups.group(filled(name, request.pathVariables()));
  }

  /** A variable that the path does not have stays as it is written. */
  private static String filled(String name, Map<String, String> variables) {
    if (name.indexOf('{') < 0) {
      return name;
    }
    return VARIABLE
        .matcher(name)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(variables.getOrDefault(found.group(1), found.group())));
  }

  /** The client's most welcome language; that of the JVM if it names none. RFC 9110 §12.5.4. */
  private static Locale locale(Request request) {
    String accepted = request.header("Accept-Language").orElse("");
    if (accepted.isEmpty()) {
      return Locale.getDefault();
    }
    try {
      List<Locale.LanguageRange> ranges = Locale.LanguageRange.parse(accepted);
      for (Locale.LanguageRange range : ranges) {
        if (!range.getRange().startsWith("*")) {
          return Locale.forLanguageTag(range.getRange());
        }
      }
    } catch (IllegalArgumentException e) {
      return Locale.getDefault();
    }
    return Locale.getDefault();
  }

  /**
   * Who the client is: whom an interceptor found out and left as an attribute of the request, named
   * after the type; else the subject of the certificate that it showed.
   */
  private static @Nullable Principal principal(Request request) {
    Object known = request.attribute(Principal.class.getName());
    if (known instanceof Principal principal) {
      return principal;
    }
    SSLSession session = request.tlsSession().orElse(null);
    try {
      return session == null ? null : session.getPeerPrincipal();
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }
}
