package io.httpkit.internal.codec.websocket;

import java.util.zip.Inflater;

/** Lends inflaters to decoders, which need one only while a compressed message comes in. */
public interface InflaterSource {
  /** An inflater of raw data ({@code nowrap}) without any history. */
  Inflater take();

  /** Takes one back, in whatever state it is. */
  void give(Inflater inflater);
}
