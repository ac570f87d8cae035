package io.httpkit.spring.boot.actuate;

import io.httpkit.channel.ChannelGroup;
import io.httpkit.client.ClientStatistics;
import io.httpkit.client.HttpClient;
import io.httpkit.server.ServerConfig;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * Tells what the servers and clients of the application do at the moment, and which routes and
 * groups of channels there are.
 */
@Endpoint(id = "httpkit")
public final class HttpKitEndpoint {
  /**
   * The answer.
   *
   * @param servers by the name of the bean
   * @param workers what handlers of the application run on; null if there is no such server
   * @param groups members of each {@code ChannelGroup} bean, and of each named group
   * @param clients connections of each {@code HttpClient} bean
   */
  public record Description(
      Map<String, ServerDescription> servers,
      @Nullable WorkersDescription workers,
      Map<String, Integer> groups,
      Map<String, ClientStatistics> clients)
      implements OperationResponseBody {}

  /** Asked anew each time, as the server is made after its endpoints. */
  private final ListableBeanFactory beans;

  private final Supplier<Map<String, Integer>> namedGroups;

  /**
   * Tells about these beans.
   *
   * @param namedGroups members of groups that are no beans
   */
  public HttpKitEndpoint(ListableBeanFactory beans, Supplier<Map<String, Integer>> namedGroups) {
    this.beans = beans;
    this.namedGroups = namedGroups;
  }

  /** All there is. Any thread. */
  @ReadOperation
  public Description describe() {
    Map<String, ServerDescription> servers = each(HttpKitWebServer.class, ServerDescription::of);
    servers.putAll(
        each(ManagementServer.class, management -> ServerDescription.of(management.webServer())));
    Map<String, Integer> groups = each(ChannelGroup.class, ChannelGroup::size);
    groups.putAll(namedGroups.get());
    ServerConfig config = beans.getBeanProvider(ServerConfig.class).getIfUnique();
    return new Description(
        servers,
        config == null ? null : WorkersDescription.of(config.workers()),
        groups,
        each(HttpClient.class, HttpClient::statistics));
  }

  private <T, R> Map<String, R> each(Class<T> type, Function<T, R> description) {
    Map<String, R> descriptions = new TreeMap<>();
    beans
        .getBeansOfType(type, false, false)
        .forEach((name, bean) -> descriptions.put(name, description.apply(bean)));
    return descriptions;
  }
}
