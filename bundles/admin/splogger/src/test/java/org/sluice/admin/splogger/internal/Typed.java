package org.sluice.admin.splogger.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Input that a test gives bit by bit, like somebody at a terminal: each read gives one of them. */
final class Typed extends InputStream {
  private final BlockingQueue<byte[]> texts = new LinkedBlockingQueue<>();
  private final BlockingQueue<Boolean> asked = new LinkedBlockingQueue<>();

  /** Shorter than a block of the reader. */
  Typed type(String text) {
    texts.add(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  void end() {
    texts.add(new byte[0]);
  }

  /** Waits until the reader has been here so many times. */
  void awaitReads(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      asked.take();
    }
  }

  @Override
  public int read() {
    throw new AssertionError("a read for one octet");
  }

  @Override
  public int read(byte[] block, int offset, int length) throws IOException {
    asked.add(true);
    try {
      byte[] text = texts.take();
      System.arraycopy(text, 0, block, offset, text.length);
      return text.length == 0 ? -1 : text.length;
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
