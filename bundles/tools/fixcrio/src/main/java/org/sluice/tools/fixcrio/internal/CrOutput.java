package org.sluice.tools.fixcrio.internal;

import java.io.IOException;
import java.io.OutputStream;
import org.sluice.base.program.CopiedOutput;

/** A stream that gets the CRs that are missing. Buffers nothing. */
final class CrOutput extends OutputStream implements CopiedOutput {
  private final OutputStream out;
  private final CrInserter crs = new CrInserter();

  CrOutput(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(crs.insert(bytes, offset, length));
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }
}
