package org.sluice.base;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** This machine's name. */
public final class HostName {
  private HostName() {}

  /** gethostname(2), not a name server's idea of it. */
  public static String get() throws IOException {
    Path kernel = Path.of("/proc/sys/kernel/hostname");
    return Files.isReadable(kernel)
        ? Files.readString(kernel, StandardCharsets.ISO_8859_1).strip()
        : InetAddress.getLocalHost().getHostName();
  }
}
