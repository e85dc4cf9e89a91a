package org.sluice.tools.maildir.internal;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.Directories;
import org.sluice.base.PathBytes;
import org.sluice.base.ProgramExit;

/**
 * A maildir as its readers see it (spec 40 section 16.1). Dot files are no messages, nor is what
 * was changed in the present second.
 */
record Maildir(Path directory) {
  private static final Logger LOG = LoggerFactory.getLogger(Maildir.class);
  private static final Duration STALE = Duration.ofHours(36);

  /**
   * A message.
   *
   * @param name as messages to the user show it, {@code $MAILDIR/new/...}
   * @param seconds when it was changed last, in seconds since 1970
   */
  record Message(Path file, String name, long seconds) {}

  /** The maildir that MAILDIR names. */
  static Maildir enter(ProgramContext context) throws ProgramExit {
    String name = context.environment().get("MAILDIR");
    if (name == null) {
      throw ProgramExit.temporary("MAILDIR not set");
    }
    try {
      Path directory = Names.resolve(context.directory(), name);
      Directories.enter(directory);
      return new Maildir(directory);
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to chdir to " + name, e);
    }
  }

  /** Removes what writers that died have left in tmp; failures do not matter. */
  void clean(Instant now) {
    long oldest = now.minus(STALE).getEpochSecond();
    try (var files = Files.newDirectoryStream(directory.resolve("tmp"))) {
      for (Path file : files) {
        if (!hidden(file)) {
          clean(file, oldest);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.debug("{} is not cleaned", directory, e);
    }
  }

  private static void clean(Path file, long oldest) {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      // unlink(2) would refuse a directory.
      if (attributes.lastAccessTime().to(TimeUnit.SECONDS) < oldest && !attributes.isDirectory()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      LOG.debug("{} stays", file, e);
    }
  }

  /** The messages of some folders, oldest first. */
  List<Message> scan(Instant now, String... folders) throws ProgramExit {
    List<Message> messages = new ArrayList<>();
    for (String folder : folders) {
      String name = "$MAILDIR/" + folder;
      try (var files = Files.newDirectoryStream(directory.resolve(folder))) {
        for (Path file : files) {
          if (!hidden(file)) {
            add(messages, file, name + "/" + PathBytes.bytes(file.getFileName()), now);
          }
        }
      } catch (DirectoryIteratorException e) {
        throw ProgramExit.temporary("unable to read " + name, e.getCause());
      } catch (IOException e) {
        throw ProgramExit.temporary("unable to scan " + name, e);
      }
    }
    messages.sort(Comparator.comparingLong(Message::seconds));
    return messages;
  }

  private static void add(List<Message> messages, Path file, String name, Instant now) {
    try {
      long seconds = Files.getLastModifiedTime(file).to(TimeUnit.SECONDS);
      if (seconds < now.getEpochSecond()) {
        messages.add(new Message(file, name, seconds));
      }
    } catch (IOException e) {
      LOG.debug("{} is passed over", file, e); // another reader has moved it
    }
  }

  private static boolean hidden(Path file) {
    return file.getFileName().toString().startsWith(".");
  }
}
