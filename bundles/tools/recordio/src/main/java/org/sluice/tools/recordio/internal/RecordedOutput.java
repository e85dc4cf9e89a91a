package org.sluice.tools.recordio.internal;

import java.io.IOException;
import java.io.OutputStream;
import org.sluice.base.program.CopiedOutput;

/** A stream of which each packet is recorded before it is written. Buffers nothing. */
final class RecordedOutput extends OutputStream implements CopiedOutput {
  private final OutputStream out;
  private final Record record;

  RecordedOutput(OutputStream out, Record record) {
    this.out = out;
    this.record = record;
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    for (int at = 0; at < length; at += Record.PACKET) {
      record.packet(bytes, offset + at, Math.min(Record.PACKET, length - at));
    }
    out.write(bytes, offset, length);
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }
}
