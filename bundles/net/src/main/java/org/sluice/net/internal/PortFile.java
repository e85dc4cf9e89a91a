package org.sluice.net.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.base.IpText;

/**
 * Tells others where a listener is: {@code run/NAME.port} in the home directory, or why it listens
 * nowhere: {@code run/NAME.fault}.
 */
final class PortFile {
  private static final Logger LOG = LoggerFactory.getLogger(PortFile.class);

  private final Path path;
  private final Repeated failing = new Repeated();
  private String written;

  /**
   * @param home the home directory, or null to write nothing
   */
  PortFile(Path home, String listener) {
    this(home, listener, ".port");
  }

  PortFile(Path home, String listener, String ending) {
    String name = listener.replaceAll("[^A-Za-z0-9_-]", "_") + ending;
    this.path = home == null ? null : home.resolve("run").resolve(name);
  }

  /** Whether it is the same file. */
  boolean same(PortFile other) {
    return Objects.equals(path, other.path);
  }

  /** Whether the file is there as far as is known: written, and not deleted since. */
  boolean isWritten() {
    return written != null;
  }

  void write(InetSocketAddress address) {
    write(text(address));
  }

  void write(String text) {
    if (path == null) {
      return;
    }
    String line = text + "\n";
    try {
      Files.createDirectories(path.getParent());
      // Moved into place, so that a reader never sees half of it.
      Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
      Files.writeString(temporary, line);
      Files.move(temporary, path, StandardCopyOption.REPLACE_EXISTING);
      written = line;
      failing.over();
    } catch (IOException e) {
      failed("write", e);
    }
  }

  /** Removes the file, unless another listener of the name has written its own since. */
  void delete() {
    if (written == null) {
      return;
    }
    try {
      if (Files.exists(path) && Files.readString(path).equals(written)) {
        Files.deleteIfExists(path);
      }
      written = null;
      failing.over();
    } catch (IOException e) {
      failed("remove", e);
    }
  }

  private void failed(String what, IOException e) {
    if (failing.isNew(e)) { // it may be tried again and again
      LOG.warn("unable to {} {}: {}", what, path, e.toString());
    }
  }

  static String text(InetSocketAddress address) {
    String ip = IpText.of(address.getAddress());
    return (ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":" + address.getPort();
  }
}
