package io.httpkit.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;

/** Controllers that are proxies, inherit, or are made later. */
class BeanKindsTest {
  @ParameterizedTest(name = "GET {0}")
  @CsvSource({
    "/class/proxied, class",
    "/interface/proxied, interface",
    "/contract/3, contract 3",
    "/lazy, lazy",
    "/prototype, 1",
    "/scoped, scoped",
  })
  void areCalled(String path, String body) {
    WebApp.with(Controllers.class, Proxies.class)
        .run(context -> assertThat(WebApp.in(context).get(path).body()).isEqualTo(body));
  }

  @Test
  void aPrototypeIsMadeForEachRequest() {
    WebApp.with(Controllers.class)
        .run(
            context -> {
              WebApp.in(context).get("/prototype");
              assertThat(WebApp.in(context).get("/prototype").body()).isEqualTo("2");
            });
  }

  @Test
  void aGenericMethodIsReadAsWhatTheSubclassMakesOfIt() {
    WebApp.with(Controllers.class)
        .run(
            context ->
                assertThat(WebApp.in(context).post("/users", "{\"name\":\"x\"}").body())
                    .isEqualTo("{\"name\":\"x\"}"));
  }

  @Configuration(proxyBeanMethods = false)
  static class Proxies {
    @Bean
    static BeanNameAutoProxyCreator classProxies() {
      BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
      creator.setBeanNames("byClass");
      creator.setProxyTargetClass(true);
      return creator;
    }

    @Bean
    static BeanNameAutoProxyCreator interfaceProxies() {
      BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
      creator.setBeanNames(ByInterface.class.getName());
      return creator;
    }
  }

  @Configuration(proxyBeanMethods = false)
  @Import(ByInterface.class)
  static class Controllers {
    private final AtomicInteger made = new AtomicInteger();

    @Bean
    ByClass byClass() {
      return new ByClass("class");
    }

    @Bean
    Users users() {
      return new Users();
    }

    @Bean
    Implementation implementation() {
      return new Implementation();
    }

    @Bean
    @Lazy
    LazyOne lazyOne() {
      return new LazyOne();
    }

    @Bean
    @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
    Prototype prototype() {
      return new Prototype(made.incrementAndGet());
    }

    @Bean
    @Scope(
        scopeName = ConfigurableBeanFactory.SCOPE_PROTOTYPE,
        proxyMode = ScopedProxyMode.TARGET_CLASS)
    Scoped scoped() {
      return new Scoped();
    }
  }

  @HttpKitController
  @RequestMapping("/class")
  static class ByClass {
    private final String name;

    ByClass(String name) {
      this.name = name;
    }

    @GetMapping("/proxied")
    public String get() {
      return name;
    }
  }

  interface Asked {
    String get();
  }

  @HttpKitController
  @RequestMapping("/interface")
  static class ByInterface implements Asked {
    @Override
    @GetMapping("/proxied")
    public String get() {
      return "interface";
    }
  }

  interface Contract {
    @GetMapping("/contract/{id}")
    String get(@PathVariable int id);
  }

  @HttpKitController
  static class Implementation implements Contract {
    @Override
    public String get(int id) {
      return "contract " + id;
    }
  }

  record User(String name) {}

  abstract static class Base<T> {
    @PostMapping
    public T create(@RequestBody T value) {
      return accept(value);
    }

    abstract T accept(T value);
  }

  @HttpKitController
  @RequestMapping("/users")
  static class Users extends Base<User> {
    @Override
    User accept(User user) {
      return user;
    }
  }

  @HttpKitController
  static class LazyOne {
    @GetMapping("/lazy")
    String get() {
      return "lazy";
    }
  }

  @HttpKitController
  static class Prototype {
    private final int number;

    Prototype(int number) {
      this.number = number;
    }

    @GetMapping("/prototype")
    String get() {
      return "" + number;
    }
  }

  @HttpKitController
  static class Scoped {
    @GetMapping("/scoped")
    String get() {
      return "scoped";
    }
  }
}
