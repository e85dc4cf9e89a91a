package org.sluice.programs.qbiff.internal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Linux's file of login records, utmp(5). */
final class LoginRecords {
  /** Octets of a user's name, at most. */
  static final int USER_LENGTH = 32;

  /** Octets of a record; glibc widens session and time on this architecture alone. */
  static final int LENGTH = System.getProperty("os.arch").equals("aarch64") ? 400 : 384;

  private static final short USER_PROCESS = 7;
  private static final int LINE = 8;
  private static final int LINE_LENGTH = 32;
  private static final int USER = 44;

  private LoginRecords() {}

  /** The names of the terminals, below /dev, at which a user is logged in. */
  static List<String> terminals(Path utmp, String user) throws IOException {
    List<String> terminals = new ArrayList<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(utmp))) {
      for (byte[] next = in.readNBytes(LENGTH);
          next.length == LENGTH;
          next = in.readNBytes(LENGTH)) {
        short type = ByteBuffer.wrap(next).order(ByteOrder.nativeOrder()).getShort();
        if (type == USER_PROCESS && text(next, USER, USER_LENGTH).equals(user)) {
          terminals.add(text(next, LINE, LINE_LENGTH));
        }
      }
    }
    return terminals;
  }

  /** Up to the first NUL, which a name of full length lacks. */
  private static String text(byte[] bytes, int from, int length) {
    String text = new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }
}
