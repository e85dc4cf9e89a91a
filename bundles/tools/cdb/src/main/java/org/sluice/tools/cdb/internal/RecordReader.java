package org.sluice.tools.cdb.internal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.sluice.base.ProgramExit;

/** Reads records in the text format {@code +KLEN,DLEN:KEY->DATA}. Used by one thread. */
final class RecordReader {
  /** As long as an array can be. */
  private static final long LONGEST = Integer.MAX_VALUE - 8;

  /** A record: bytes of any kind. */
  record Entry(byte[] key, byte[] data) {}

  private final InputStream in;

  RecordReader(InputStream in) {
    this.in = new BufferedInputStream(in, 65_536);
  }

  /**
   * The next record; empty at the empty line that ends them.
   *
   * @throws ProgramExit status 111 if the input fails, or is anything else
   */
  Optional<Entry> next() throws ProgramExit {
    try {
      int first = in.read();
      if (first == '\n') {
        return Optional.empty();
      }
      check(first == '+');
      int keyLength = number(',');
      int dataLength = number(':');
      byte[] key = octets(keyLength);
      check(in.read() == '-' && in.read() == '>');
      byte[] data = octets(dataLength);
      check(in.read() == '\n');
      return Optional.of(new Entry(key, data));
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to read input", e);
    }
  }

  /** Digits up to a mark; none is 0. */
  private int number(char mark) throws IOException, ProgramExit {
    long number = 0;
    for (int octet = in.read(); octet != mark; octet = in.read()) {
      check(octet >= '0' && octet <= '9');
      number = number * 10 + octet - '0';
      if (number > LONGEST) {
        throw ProgramExit.temporary("unable to read input: a key or its data is too long");
      }
    }
    return (int) number;
  }

  /** Takes memory as the input comes, not as it promises. */
  private byte[] octets(int length) throws IOException, ProgramExit {
    byte[] octets = in.readNBytes(length);
    check(octets.length == length);
    return octets;
  }

  private static void check(boolean good) throws ProgramExit {
    if (!good) {
      throw ProgramExit.temporary("unable to read input: bad format");
    }
  }
}
