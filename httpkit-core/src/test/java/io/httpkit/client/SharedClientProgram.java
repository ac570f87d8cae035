package io.httpkit.client;

import java.util.concurrent.TimeUnit;

/** Uses the shared client in a JVM of its own, which ends when nothing keeps it. */
final class SharedClientProgram {
  private SharedClientProgram() {}

  /**
   * Asks for a URL, twice, and says on the standard output what came of it.
   *
   * @param args the URL, and whether to stop the client: {@code true} or {@code false}
   */
  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws Exception {
    String url = args[0];
    HttpClient client = HttpClient.shared();
    System.out.println("first " + client.get(url).send().get(20, TimeUnit.SECONDS).text());
    System.out.println(
        "second " + HttpClient.shared().get(url).send().get(20, TimeUnit.SECONDS).text());
    System.out.println("connections " + client.statistics().open());
    if (Boolean.parseBoolean(args[1])) {
      client.stop().get(20, TimeUnit.SECONDS);
      System.out.println("stopped " + client.statistics().open());
      System.out.println(
          HttpClient.shared()
              .get(url)
              .send()
              .handle((response, failure) -> String.valueOf(failure))
              .get(20, TimeUnit.SECONDS));
    }
  }
}
