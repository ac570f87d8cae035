package io.httpkit.internal.tls;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Says that all is well, and takes and makes nothing. Its session is that of a real engine. */
class StuckEngine extends SSLEngine {
  private final SSLEngine real;
  private HandshakeStatus status;
  private boolean takesFirst;

  /** Stuck within its handshake. */
  StuckEngine(SSLEngine real, HandshakeStatus status) {
    this.real = real;
    this.status = status;
  }

  /** Stuck behind its handshake, which is whatever comes first. */
  static StuckEngine behindHandshake(SSLEngine real) {
    StuckEngine engine = new StuckEngine(real, HandshakeStatus.NEED_UNWRAP);
    engine.takesFirst = true;
    return engine;
  }

  private SSLEngineResult nothing() {
    return new SSLEngineResult(Status.OK, status, 0, 0);
  }

  @Override
  public SSLEngineResult wrap(ByteBuffer[] from, int offset, int length, ByteBuffer to) {
    return nothing();
  }

  @Override
  public SSLEngineResult unwrap(ByteBuffer from, ByteBuffer[] to, int offset, int length) {
    if (takesFirst) {
      takesFirst = false;
      status = HandshakeStatus.NOT_HANDSHAKING;
      int taken = from.remaining();
      from.position(from.limit());
      return new SSLEngineResult(Status.OK, HandshakeStatus.FINISHED, taken, 0);
    }
    return nothing();
  }

  @Override
  public HandshakeStatus getHandshakeStatus() {
    return status;
  }

  @Override
  public @Nullable Runnable getDelegatedTask() {
    return null;
  }

  @Override
  public void beginHandshake() {}

  @Override
  public void closeInbound() throws SSLException {
    real.closeInbound();
  }

  @Override
  public boolean isInboundDone() {
    return false;
  }

  @Override
  public void closeOutbound() {}

  @Override
  public boolean isOutboundDone() {
    return false;
  }

  @Override
  public String getApplicationProtocol() {
    return "";
  }

  @Override
  public SSLSession getSession() {
    return real.getSession();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return real.getSupportedCipherSuites();
  }

  @Override
  public String[] getEnabledCipherSuites() {
    return real.getEnabledCipherSuites();
  }

  @Override
  public void setEnabledCipherSuites(String[] suites) {
    real.setEnabledCipherSuites(suites);
  }

  @Override
  public String[] getSupportedProtocols() {
    return real.getSupportedProtocols();
  }

  @Override
  public String[] getEnabledProtocols() {
    return real.getEnabledProtocols();
  }

  @Override
  public void setEnabledProtocols(String[] protocols) {
    real.setEnabledProtocols(protocols);
  }

  @Override
  public void setUseClientMode(boolean mode) {
    real.setUseClientMode(mode);
  }

  @Override
  public boolean getUseClientMode() {
    return real.getUseClientMode();
  }

  @Override
  public void setNeedClientAuth(boolean need) {
    real.setNeedClientAuth(need);
  }

  @Override
  public boolean getNeedClientAuth() {
    return real.getNeedClientAuth();
  }

  @Override
  public void setWantClientAuth(boolean want) {
    real.setWantClientAuth(want);
  }

  @Override
  public boolean getWantClientAuth() {
    return real.getWantClientAuth();
  }

  @Override
  public void setEnableSessionCreation(boolean flag) {
    real.setEnableSessionCreation(flag);
  }

  @Override
  public boolean getEnableSessionCreation() {
    return real.getEnableSessionCreation();
  }
}
