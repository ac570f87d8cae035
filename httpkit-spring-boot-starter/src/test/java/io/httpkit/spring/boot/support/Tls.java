package io.httpkit.spring.boot.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** A client of TLS that says what it saw. */
public final class Tls {
  /**
   * What a server agreed to.
   *
   * @param name of its certificate
   * @param client name of the client's certificate as the server saw it, which answers with it
   */
  public record Seen(String name, String protocol, String cipher, String client) {}

  private Tls() {}

  /** Looks at no certificate. */
  public static SSLContext trustingAll() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustsAll()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class TrustsAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** Connects for this host, asks for {@code /}, and reads the answer. */
  public static Seen ask(int port, SSLContext context, String host, String... protocols)
      throws IOException {
    try (SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(host)));
      if (protocols.length > 0) {
        parameters.setProtocols(protocols);
      }
      socket.setSSLParameters(parameters);
      Wire wire = new Wire(socket);
      socket.startHandshake();
      wire.request("GET / HTTP/1.0", "Host: " + host);
      String answer = wire.rest();
      SSLSession session = socket.getSession();
      X509Certificate certificate = (X509Certificate) session.getPeerCertificates()[0];
      return new Seen(
          certificate.getSubjectX500Principal().getName(),
          session.getProtocol(),
          session.getCipherSuite(),
          answer.substring(answer.indexOf("\r\n\r\n") + 4));
    }
  }
}
