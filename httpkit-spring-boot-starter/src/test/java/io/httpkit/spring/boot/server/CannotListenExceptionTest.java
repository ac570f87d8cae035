package io.httpkit.spring.boot.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.spring.boot.support.Analyses;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What systems say, and what is reported of it. */
class CannotListenExceptionTest {
  private static final String DENIED = "Permission denied";
  private static final String NO_SUCH = "Cannot assign requested address";

  record Row(SocketAddress address, String said, String setting, String reported) {
    @Override
    public String toString() {
      return setting + ": " + said;
    }
  }

  static Stream<Row> rows() {
    InetSocketAddress low = new InetSocketAddress(80);
    InetSocketAddress foreign = new InetSocketAddress("192.0.2.1", 80);
    SocketAddress path = UnixDomainSocketAddress.of("/run/app.sock");
    return Stream.of(
        new Row(low, DENIED, "httpkit.port=80", "The property httpkit.port has the value '80'"),
        new Row(low, DENIED, "server.port=80", "The property server.port has the value '80'"),
        new Row(low, DENIED, "httpkit.port=81", "http-kit cannot listen on port 80"),
        new Row(
            foreign,
            NO_SUCH,
            "management.server.address=192.0.2.1",
            "The property management.server.address has the value '192.0.2.1'"),
        new Row(foreign, NO_SUCH, "httpkit.port=80", "http-kit cannot listen on 192.0.2.1 port 80"),
        new Row(
            path,
            DENIED,
            "httpkit.unix-socket=/run/app.sock",
            "The property httpkit.unix-socket has the value '/run/app.sock'"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void names(Row row) {
    CannotListenException failure =
        new CannotListenException(
            HttpKitWebServer.place(row.address()), row.address(), new SocketException(row.said()));
    assertThat(Analyses.of(failure, row.setting()).getDescription())
        .startsWith(row.reported())
        .contains(row.said());
  }
}
