package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.client.HttpClient;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** A program that asks for one page, to be started in an environment that a test has made. */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({SslAutoConfiguration.class, HttpKitClientAutoConfiguration.class})
class EnvironmentClient {
  static final String URL = "http://else.example/";

  public static void main(String[] arguments) {
    try (ConfigurableApplicationContext context =
        new SpringApplicationBuilder(EnvironmentClient.class)
            .web(WebApplicationType.NONE)
            .run(arguments)) {
      context.getBean(HttpClient.class).get(URL).send().join();
    }
  }
}
