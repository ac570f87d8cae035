package io.httpkit.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class UsersTest {
  private static final String ADA = "{\"name\":\"Ada\",\"email\":\"ada@example.org\"}";

  @LocalServerPort private int port;

  private Client client = new Client(0);

  @BeforeEach
  void connect() {
    client = new Client(port);
  }

  @Test
  void createsShowsReplacesAndRemoves() {
    String path = create(Client.JSON, ADA);
    assertThat(Client.json(client.get(path)).get("email").asString()).isEqualTo("ada@example.org");

    String other = "{\"name\":\"Ada L.\",\"email\":\"al@example.org\"}";
    HttpResponse<String> replaced = client.send("PUT", path, Client.JSON, other);
    assertThat(replaced.statusCode()).isEqualTo(200);
    assertThat(Client.json(client.get(path)).get("name").asString()).isEqualTo("Ada L.");

    HttpResponse<String> removed = client.send("DELETE", path, null, "");
    assertThat(removed.statusCode()).isEqualTo(204);
    assertThat(client.get(path).statusCode()).isEqualTo(404);
  }

  @Test
  void takesAForm() {
    String path = create(Client.FORM, "name=Zo%C3%AB+B&email=zoe%40example.org");
    JsonNode user = Client.json(client.get(path));
    assertThat(user.get("name").asString()).isEqualTo("Zoë B");
    assertThat(user.get("email").asString()).isEqualTo("zoe@example.org");
  }

  @Test
  void takesJsonWithACharset() {
    create("application/json; charset=utf-8", ADA);
  }

  @Test
  void filtersAndTurnsPages() {
    for (int i = 0; i < 5; i++) {
      create(Client.FORM, "name=Paged" + i + "&email=p@example.org");
    }
    JsonNode page = Client.json(client.get("/users?name=pAgEd&page=2&size=2"));
    assertThat(page.get("total").asInt()).isEqualTo(5);
    assertThat(page.get("page").asInt()).isEqualTo(2);
    assertThat(page.get("size").asInt()).isEqualTo(2);
    assertThat(page.get("users").valueStream().map(user -> user.get("name").asString()))
        .containsExactly("Paged2", "Paged3");
  }

  @Test
  void aPageBehindTheLastIsEmpty() {
    JsonNode page = Client.json(client.get("/users?page=2147483647&size=100"));
    assertThat(page.get("users").size()).isZero();
  }

  record BadInput(@Nullable String type, String body, String error, String allowed) {}

  static Stream<BadInput> badInputs() {
    String object = "a JSON object with the texts name and email";
    String name = "1 to 100 characters";
    String email = "an address with one @, of up to 254 characters";
    return Stream.of(
        new BadInput(Client.JSON, "", "the body is not as expected", object),
        new BadInput(Client.JSON, "{\"name\":", "the body is not as expected, line 1", object),
        new BadInput(Client.JSON, "{\"name\":{}}", "the body is not as expected, line 1", object),
        new BadInput(Client.JSON, "null", "the body is null", object),
        new BadInput(Client.JSON, "{\"email\":\"a@b\"}", "name is missing", name),
        new BadInput(Client.FORM, "name=+&email=a@b", "name is missing", name),
        new BadInput(
            Client.FORM, "email=a@b&name=" + "n".repeat(101), "name has 101 characters", name),
        new BadInput(Client.FORM, "name=A", "email is missing", email),
        new BadInput(Client.FORM, "name=A&email=a", "email is not an address", email),
        new BadInput(Client.FORM, "name=A&email=a@b@c", "email is not an address", email),
        new BadInput(
            Client.FORM, "name=A&email=a@" + "b".repeat(253), "email is not an address", email));
  }

  @ParameterizedTest
  @MethodSource("badInputs")
  void refusesBadInput(BadInput bad) {
    HttpResponse<String> response = client.send("POST", "/users", bad.type(), bad.body());
    assertProblem(response, 400, bad.error(), bad.allowed());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {"text/plain, the body is text/plain", "none, the body has no Content-Type"})
  void refusesOtherTypes(@Nullable String type, String error) {
    HttpResponse<String> response = client.send("POST", "/users", type, ADA);
    assertProblem(response, 415, error, "application/json or application/x-www-form-urlencoded");
  }

  @ParameterizedTest
  @CsvSource({"GET", "PUT", "DELETE"})
  void answers404ForAnUnknownId(String method) {
    HttpResponse<String> response = client.send(method, "/users/999999", Client.JSON, ADA);
    assertProblem(response, 404, "there is no user 999999", "an id from /users");
  }

  @ParameterizedTest
  @CsvSource({
    "/users/zero, id was \"zero\", a whole number from 1 to 9223372036854775807",
    "/users/0, id was \"0\", a whole number from 1 to 9223372036854775807",
    "/users?page=0, page was \"0\", a whole number from 1 to 2147483647",
    "/users?size=101, size was \"101\", a whole number from 1 to 100",
    "/users?size=, size was \"\", a whole number from 1 to 100"
  })
  void refusesBadNumbers(String path, String error, String allowed) {
    assertProblem(client.get(path), 400, error, allowed);
  }

  @Test
  void answers405WithTheMethodsThereAre() {
    HttpResponse<String> response = client.send("PATCH", "/users/1", Client.JSON, ADA);
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow").orElse("").split(", "))
        .containsExactlyInAnyOrder("DELETE", "GET", "HEAD", "OPTIONS", "PUT");
  }

  private String create(String type, String body) {
    HttpResponse<String> response = client.send("POST", "/users", type, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    String location = response.headers().firstValue("Location").orElse("");
    assertThat(location).isEqualTo("/users/" + Client.json(response).get("id").asLong());
    return location;
  }

  private static void assertProblem(
      HttpResponse<String> response, int status, String error, String allowed) {
    assertThat(response.statusCode()).isEqualTo(status);
    JsonNode problem = Client.json(response);
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("error").asString()).startsWith(error);
    assertThat(problem.get("allowed").asString()).isEqualTo(allowed);
  }
}
