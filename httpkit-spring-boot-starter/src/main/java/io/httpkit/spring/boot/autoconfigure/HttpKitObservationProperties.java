package io.httpkit.spring.boot.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The {@code httpkit.observations.*} properties.
 *
 * @param enabled Whether requests of the server and of the client are observed, as metrics and
 *     traces, if Micrometer is there.
 */
@ConfigurationProperties("httpkit.observations")
record HttpKitObservationProperties(@DefaultValue("true") boolean enabled) {}
