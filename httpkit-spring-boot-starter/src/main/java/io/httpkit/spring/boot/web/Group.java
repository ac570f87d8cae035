package io.httpkit.spring.boot.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Which of the {@link ChannelGroups} a parameter of type {@code ChannelGroup} is. */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface Group {
  /**
   * The name of the group. In it, <code>{name}</code> stands for that variable of the path: <code>
   * "room-{room}"</code>.
   */
  String value();
}
