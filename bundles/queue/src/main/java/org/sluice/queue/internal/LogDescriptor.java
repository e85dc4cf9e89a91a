package org.sluice.queue.internal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Descriptor 0, which qmail-send writes its log to (spec 10 section 4.1): nothing else in a JVM
 * uses it, and no program that it starts gets it, so that a logger behind a pipe sees the end when
 * this process ends. As with qmail-send, a logger that is gone holds up nothing.
 */
final class LogDescriptor implements Consumer<String> {
  private static final Logger LOG = LoggerFactory.getLogger(LogDescriptor.class);
  private final OutputStream out;
  private boolean broken;

  LogDescriptor() {
    this(new FileOutputStream(FileDescriptor.in)); // never closed: a later one of us needs it too
  }

  LogDescriptor(OutputStream out) {
    this.out = out;
  }

  /** Writes lines, whose last LF is left out; what cannot be written is lost, and told once. */
  @Override
  public void accept(String lines) {
    try {
      out.write((lines + "\n").getBytes(StandardCharsets.ISO_8859_1));
      broken = false;
    } catch (IOException e) {
      if (!broken) {
        LOG.warn("the log's lines are lost, nobody takes them: {}", e.toString());
      }
      broken = true;
    }
  }
}
