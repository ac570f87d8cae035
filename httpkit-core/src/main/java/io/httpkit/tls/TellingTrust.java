package io.httpkit.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts whom another trusts, and leaves it to say why somebody is not, as the alert that is sent
 * depends on that; but adds the chain to what it throws.
 */
final class TellingTrust extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager judge;

  private TellingTrust(X509ExtendedTrustManager judge) {
    this.judge = judge;
  }

  /** Those that can be made to tell do so; the others stay as they are. */
  static TrustManager[] of(TrustManager[] managers) {
    TrustManager[] telling = managers.clone();
    for (int i = 0; i < telling.length; i++) {
      if (telling[i] instanceof X509ExtendedTrustManager judge) {
        telling[i] = new TellingTrust(judge);
      }
    }
    return telling;
  }

  /** One way to ask the other. */
  private interface Check {
    void run() throws CertificateException;
  }

  private static void tell(X509Certificate[] chain, Check check) throws CertificateException {
    try {
      check.run();
    } catch (CertificateException e) {
      e.addSuppressed(new RefusedChain(List.of(chain)));
      throw e;
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    tell(chain, () -> judge.checkServerTrusted(chain, authType, engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    tell(chain, () -> judge.checkServerTrusted(chain, authType, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    tell(chain, () -> judge.checkServerTrusted(chain, authType));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    tell(chain, () -> judge.checkClientTrusted(chain, authType, engine));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    tell(chain, () -> judge.checkClientTrusted(chain, authType, socket));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    tell(chain, () -> judge.checkClientTrusted(chain, authType));
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return judge.getAcceptedIssuers();
  }
}
