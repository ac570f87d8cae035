package io.httpkit.spring.boot.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The {@code httpkit.metrics.*} properties.
 *
 * @param enabled Whether the server and the client publish metrics of their own, if Micrometer is
 *     there.
 * @param jettyThreadNames Whether worker threads are also published as jetty.threads, for
 *     dashboards that know Tomcat and Jetty only.
 */
@ConfigurationProperties("httpkit.metrics")
record HttpKitMetricsProperties(
    @DefaultValue("true") boolean enabled, @DefaultValue("false") boolean jettyThreadNames) {}
