package io.httpkit.spring.boot.support;

import java.security.KeyManagementException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/** A protocol of a provider of its own, whose engines know one cipher suite, of TLS 1.2. */
public final class OldTls extends SSLContextSpi {
  /** What a context is asked for by. */
  public static final String NAME = "OldTls";

  private static final String SUITE = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";

  /** Has this protocol and nothing else. */
  public static final Provider PROVIDER = new OldProvider();

  private static final class OldProvider extends Provider {
    private static final long serialVersionUID = 1;

    OldProvider() {
      super("Old", "1", "TLS with one cipher suite");
      put("SSLContext." + NAME, OldTls.class.getName());
    }
  }

  private final SSLContext context;

  /** For {@link SSLContext#getInstance(String)}. */
  public OldTls() throws NoSuchAlgorithmException {
    context = SSLContext.getInstance("TLS");
  }

  @Override
  protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
      throws KeyManagementException {
    context.init(keys, trust, random);
  }

  @Override
  protected SSLSocketFactory engineGetSocketFactory() {
    return context.getSocketFactory();
  }

  @Override
  protected SSLServerSocketFactory engineGetServerSocketFactory() {
    return context.getServerSocketFactory();
  }

  @Override
  protected SSLEngine engineCreateSSLEngine() {
    return old(context.createSSLEngine());
  }

  @Override
  protected SSLEngine engineCreateSSLEngine(String host, int port) {
    return old(context.createSSLEngine(host, port));
  }

  private static SSLEngine old(SSLEngine engine) {
    engine.setEnabledCipherSuites(new String[] {SUITE});
    return engine;
  }

  @Override
  protected SSLSessionContext engineGetServerSessionContext() {
    return context.getServerSessionContext();
  }

  @Override
  protected SSLSessionContext engineGetClientSessionContext() {
    return context.getClientSessionContext();
  }
}
