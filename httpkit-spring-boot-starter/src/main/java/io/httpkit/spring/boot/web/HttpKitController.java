package io.httpkit.spring.boot.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;
import org.springframework.stereotype.Component;

/**
 * A bean whose methods answer requests: those with {@link
 * org.springframework.web.bind.annotation.RequestMapping @RequestMapping} or one of its short
 * forms, such as {@code @GetMapping}. What they return is the body of the response.
 *
 * <p>Spring's {@code @Controller} and {@code @RestController} mean the same where neither Spring
 * MVC nor WebFlux is there to take them.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Component
public @interface HttpKitController {
  /** The name of the bean; by default it is made from that of the class. */
  @AliasFor(annotation = Component.class)
  String value() default "";
}
