package io.httpkit.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the application; {@code application.yml} says on which port. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class SampleApplication {
  /** Runs until the process is told to end. */
  public static void main(String[] args) {
    SpringApplication.run(SampleApplication.class, args);
  }
}
