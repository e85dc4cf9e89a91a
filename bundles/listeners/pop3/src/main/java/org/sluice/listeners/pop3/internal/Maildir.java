package org.sluice.listeners.pop3.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.base.PathBytes;

/** A Maildir as qmail-pop3d sees it (spec 20 sections 12.2 and 12.5). Used by one thread. */
final class Maildir implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Maildir.class);
  private static final Duration STALE = Duration.ofHours(36);

  private final Folder unseen;
  private final Folder seen;

  private Maildir(Folder unseen, Folder seen) {
    this.unseen = unseen;
    this.seen = seen;
  }

  /** The Maildir itself, not yet looked into. */
  static Folder enter(Path base, Optional<String> name, Optional<UserPrincipal> owner)
      throws IOException {
    // An empty one is none, as it is for chdir(2): it does not mean the home itself.
    String given =
        name.filter(n -> !n.isEmpty()).orElseThrow(() -> new IOException("no name is given"));
    if (owner.isEmpty()) {
      // Any name: where there is no locale, as under supervise, Java has words for ASCII only.
      Path path = PathBytes.find(base, given).orElseThrow(() -> new NoSuchFileException(given));
      return Folder.open(path, owner);
    }
    Folder folder = Folder.open(base, owner);
    for (Path part : PathBytes.of(given)) {
      try (Folder parent = folder) {
        folder = parent.open(part.toString());
      }
    }
    return folder;
  }

  /** new or cur cannot be read. */
  static final class ScanException extends IOException {
    private static final long serialVersionUID = 1L;

    ScanException(IOException cause) {
      super(cause.toString(), cause);
    }
  }

  /** Cleans tmp and lists the messages. */
  static Maildir scan(Folder maildir, Instant now, MessageList messages) throws ScanException {
    clean(maildir, now);
    try {
      var opened = new Maildir(maildir.open("new"), maildir.open("cur"));
      boolean complete = false;
      try {
        list(opened.unseen, true, now, messages);
        list(opened.seen, false, now, messages);
        messages.sort();
        complete = true;
        return opened;
      } finally {
        if (!complete) {
          opened.close();
        }
      }
    } catch (IOException e) {
      throw new ScanException(e);
    }
  }

  private static void list(Folder folder, boolean isNew, Instant now, MessageList messages)
      throws IOException {
    folder.list(
        (name, file) -> {
          long time = file.lastModifiedTime().to(TimeUnit.SECONDS);
          // What is stamped now may not be all there yet, by the rules of old Maildir writers.
          if (time < now.getEpochSecond()) {
            messages.add(name, isNew, file.size(), time);
          }
        });
  }

  private static void clean(Folder maildir, Instant now) {
    long oldest = now.minus(STALE).getEpochSecond();
    List<String> stale = new ArrayList<>();
    try (Folder tmp = maildir.open("tmp")) {
      tmp.list(
          (name, file) -> {
            if (file.lastAccessTime().to(TimeUnit.SECONDS) < oldest) {
              stale.add(name);
            }
          });
      for (String name : stale) {
        delete(tmp, name);
      }
    } catch (IOException e) {
      LOG.debug("tmp is not cleaned: {}", e.toString());
    }
  }

  /** Opens a message; empty if that fails, because it has gone for example. */
  Optional<SeekableByteChannel> read(MessageList messages, int number) {
    String name = messages.name(number);
    try {
      return Optional.of(folder(messages, number).read(name));
    } catch (IOException e) {
      LOG.debug("{} cannot be opened: {}", name, e.toString());
      return Optional.empty();
    }
  }

  /** Removes a message; whether that was possible. */
  boolean delete(MessageList messages, int number) {
    return delete(folder(messages, number), messages.name(number));
  }

  private static boolean delete(Folder folder, String name) {
    try {
      folder.delete(name);
      return true;
    } catch (IOException e) {
      LOG.debug("{} cannot be removed: {}", name, e.toString());
      return false;
    }
  }

  /** Moves a message from new to cur, without a flag; if that fails, it stays where it is. */
  void markSeen(String name) {
    try {
      unseen.move(name, seen, name + ":2,");
    } catch (IOException e) {
      LOG.debug("{} stays in new: {}", name, e.toString());
    }
  }

  private Folder folder(MessageList messages, int number) {
    return messages.isNew(number) ? unseen : seen;
  }

  @Override
  public void close() throws IOException {
    try (unseen) {
      seen.close();
    }
  }
}
