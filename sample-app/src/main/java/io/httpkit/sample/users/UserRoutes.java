package io.httpkit.sample.users;

import io.httpkit.http.Status;
import io.httpkit.sample.ApiException;
import io.httpkit.sample.JsonApi;
import io.httpkit.sample.Numbers;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.server.Router;
import io.httpkit.spring.boot.server.RouterCustomizer;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** Lists, creates, shows, replaces and removes users. */
@Component
class UserRoutes implements RouterCustomizer {
  private static final int DEFAULT_SIZE = 20;
  private static final int MAX_SIZE = 100;

  private final UserStore store;
  private final JsonApi json;

  UserRoutes(UserStore store, JsonApi json) {
    this.store = store;
    this.json = json;
  }

  /** A part of a list; pages count from 1. */
  record Page(int page, int size, int total, List<User> users) {}

  @Override
  public void customize(Router.Builder routes) {
    routes.context(
        "/users",
        users ->
            users
                .get("/", json.answering(this::list))
                .post("/", json.answering(this::create))
                .get("/{id}", json.answering(this::show))
                .put("/{id}", json.answering(this::replace))
                .delete("/{id}", json.answering(this::remove)));
  }

  private Response list(Request request) {
    int page = Numbers.query(request, "page", 1, 1, Integer.MAX_VALUE);
    int size = Numbers.query(request, "size", DEFAULT_SIZE, 1, MAX_SIZE);
    String name = request.query("name").orElse("").toLowerCase(Locale.ROOT);
    List<User> found =
        store.all().stream()
            .filter(user -> user.name().toLowerCase(Locale.ROOT).contains(name))
            .toList();
    List<User> shown = found.stream().skip((page - 1L) * size).limit(size).toList();
    return json.json(Status.OK, new Page(page, size, found.size(), shown));
  }

  private Response create(Request request) {
    User user = store.add(UserInput.read(request, json)).orElseThrow(this::full);
    return json.json(Status.CREATED, user).withHeader("Location", "/users/" + user.id());
  }

  private Response show(Request request) {
    long id = id(request);
    return json.json(Status.OK, store.find(id).orElseThrow(() -> unknown(id)));
  }

  private Response replace(Request request) {
    long id = id(request);
    UserInput input = UserInput.read(request, json);
    return json.json(Status.OK, store.replace(id, input).orElseThrow(() -> unknown(id)));
  }

  private Response remove(Request request) {
    long id = id(request);
    if (!store.remove(id)) {
      throw unknown(id);
    }
    return Response.noContent();
  }

  private static long id(Request request) {
    return Numbers.parse("id", request.pathVariable("id"), 1, Long.MAX_VALUE);
  }

  private static ApiException unknown(long id) {
    return new ApiException(Status.NOT_FOUND, "there is no user " + id, "an id from /users");
  }

  private ApiException full() {
    int max = store.maxUsers();
    return new ApiException(
        Status.CONFLICT, "there is no room for another user", "up to " + max + " users");
  }
}
