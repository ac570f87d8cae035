package io.httpkit.spring.boot.actuate;

import io.httpkit.server.Router.RouteInfo;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.actuate.web.mappings.MappingDescriptionProvider;
import org.springframework.context.ApplicationContext;

/** Shows the routes of the servers of a context in the {@code mappings} endpoint. */
public final class RouteMappings implements MappingDescriptionProvider {
  @Override
  public String getMappingName() {
    return "httpkitRoutes";
  }

  /** The routes of each server, by the name of its bean. */
  @Override
  public Map<String, List<RouteInfo>> describeMappings(ApplicationContext context) {
    Map<String, List<RouteInfo>> routes = new LinkedHashMap<>();
    context
        .getBeansOfType(HttpKitWebServer.class, false, false)
        .forEach((name, server) -> routes.put(name, server.routes()));
    context
        .getBeansOfType(ManagementServer.class, false, false)
        .forEach((name, management) -> routes.put(name, management.webServer().routes()));
    return routes;
  }
}
