package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The log of a server that qmail-start has started. */
class LogDescriptorTest {
  /** A pipe whose reader comes and goes. */
  private static final class Pipe extends ByteArrayOutputStream {
    private boolean broken;

    @Override
    public void write(byte[] bytes) throws IOException {
      if (broken) {
        throw new IOException("Broken pipe");
      }
      super.write(bytes);
    }
  }

  @Test
  void linesAreOctetsAndWhatNobodyTakesIsLost() {
    var pipe = new Pipe();
    var log = new LogDescriptor(pipe);
    log.accept("new msg 1\nend msg 1");
    pipe.broken = true;
    log.accept("new msg 2");
    log.accept("end msg 2");
    pipe.broken = false;
    log.accept("\u00e9");
    assertEquals("new msg 1\nend msg 1\n\u00e9\n", pipe.toString(StandardCharsets.ISO_8859_1));
  }
}
