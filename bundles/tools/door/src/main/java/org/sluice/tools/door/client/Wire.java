package org.sluice.tools.door.client;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What client and server say to each other over run/door. A call: {@code C}, then the working
 * directory, the words and the environment, each as a count and length-prefixed octets; the server
 * answers with a token and then pairs of octets: a descriptor wanted for input or output,
 * descriptor 0 wanted from its start, how long its output may wait for a reader, the exit status,
 * or that there is no such program. A stream: {@code S}, the token, the descriptor, whether it is
 * open; then its octets, in {@link Blocks} on their way to the server.
 */
public final class Wire {
  /** First octet of a call. */
  public static final int CALL = 'C';

  /** First octet of a stream. */
  public static final int STREAM = 'S';

  /** The server wants a descriptor for reading. */
  public static final int INPUT = 'R';

  /** The server wants a descriptor for writing. */
  public static final int OUTPUT = 'W';

  /** The server wants descriptor 0 anew, from its first octet. */
  public static final int REWIND = 'L';

  /**
   * What waits for the reader of a descriptor does so this long: milliseconds, 8 octets, follow.
   */
  public static final int LIMIT = 'T';

  /** The program has ended. */
  public static final int EXIT = 'X';

  /** There is no such program. */
  public static final int NONE = 'N';

  /** As execve(2) allows: 2 MB of words and environment. */
  private static final int MOST = 2 << 20;

  private Wire() {}

  static byte[] call(String directory, List<String> words, List<String> environment)
      throws IOException {
    var octets = new ByteArrayOutputStream();
    var out = new DataOutputStream(octets);
    out.writeByte(CALL);
    write(out, List.of(directory));
    write(out, words);
    write(out, environment);
    return octets.toByteArray();
  }

  static byte[] stream(long token, int descriptor, boolean open) throws IOException {
    var octets = new ByteArrayOutputStream();
    var out = new DataOutputStream(octets);
    out.writeByte(STREAM);
    out.writeLong(token);
    out.writeByte(descriptor);
    out.writeBoolean(open);
    return octets.toByteArray();
  }

  private static void write(DataOutputStream out, List<String> strings) throws IOException {
    out.writeInt(strings.size());
    for (String one : strings) {
      byte[] octets = one.getBytes(StandardCharsets.ISO_8859_1);
      out.writeInt(octets.length);
      out.write(octets);
    }
  }

  /** Reads what {@link #call} wrote of one list; strings of bytes (ISO-8859-1). */
  public static List<String> read(DataInputStream in) throws IOException {
    int count = in.readInt();
    int left = MOST;
    var list = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      int length = in.readInt();
      left -= length + Integer.BYTES;
      if (length < 0 || left < 0) {
        throw new IOException("arguments and environment longer than " + MOST + " octets");
      }
      byte[] octets = in.readNBytes(length);
      if (octets.length < length) {
        throw new IOException("the call ends in the middle");
      }
      list.add(new String(octets, StandardCharsets.ISO_8859_1));
    }
    return list;
  }
}
