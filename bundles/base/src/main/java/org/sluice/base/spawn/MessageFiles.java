package org.sluice.base.spawn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.sluice.base.Attributes;
import org.sluice.base.FileMessage;

/**
 * The messages of a qmail queue, in queue/mess. Thread-safe.
 *
 * @param directory queue/mess
 * @param owner the user id of the queue user, who alone may own messages
 */
record MessageFiles(Path directory, int owner) {
  private static final int TYPE = 0170000;
  private static final int REGULAR = 0100000;

  /**
   * Of this home directory. The queue user is whoever owns queue/mess: qmail's installation gives
   * it to qmailq, and nobody else but root can give it away, so no account of that name is needed.
   *
   * @throws IOException if there is no such directory, or it cannot be entered
   */
  static MessageFiles of(Path home) throws IOException {
    Path directory = home.resolve("queue/mess");
    Map<String, Object> attributes = Attributes.read(directory, "unix:uid,isDirectory");
    if (!Boolean.TRUE.equals(attributes.get("isDirectory")) || !Files.isExecutable(directory)) {
      throw new IOException(directory + " cannot be entered");
    }
    return new MessageFiles(directory, (Integer) attributes.get("uid"));
  }

  /** A message, if it is one. Its type is asked first: opening a named pipe would not return. */
  FileMessage find(String id) throws SpawnRefusal {
    Path file = directory.resolve(id);
    Map<String, Object> attributes;
    try {
      attributes = Attributes.read(file, "unix:mode,uid");
    } catch (IOException e) {
      throw unopened();
    }
    boolean regular = ((Integer) attributes.get("mode") & TYPE) == REGULAR;
    if (!Files.isReadable(file) || (regular && id.endsWith("/"))) {
      throw unopened();
    }
    if (!regular) {
      throw SpawnRefusal.temporary("Sorry, message has wrong type. (#4.3.5)\n");
    }
    if ((Integer) attributes.get("uid") != owner) {
      throw SpawnRefusal.temporary("Sorry, message has wrong owner. (#4.3.5)\n");
    }
    try {
      return new FileMessage(file);
    } catch (IOException e) {
      throw unopened();
    }
  }

  private static SpawnRefusal unopened() {
    return SpawnRefusal.temporary("qmail-spawn unable to open message. (#4.3.0)\n");
  }
}
