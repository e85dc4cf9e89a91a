package org.sluice.listeners.pop3.internal;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import java.util.Set;
import org.sluice.base.PathBytes;

/**
 * An open directory. Everything is done relative to its descriptor, as after chdir(2), so that
 * nobody can put another one in its place meanwhile. Used by one thread.
 *
 * <p>With an owner, it may be another user's, who must not make us touch what is not his: links are
 * not followed, and what somebody else owns is not there. File names are bytes as ISO-8859-1.
 */
final class Folder implements Closeable {
  /** What is found in a directory. */
  @FunctionalInterface
  interface Visitor {
    void visit(String name, BasicFileAttributes attributes);
  }

  private static final LinkOption[] FOLLOW = {};
  private static final LinkOption[] REFUSE_LINKS = {LinkOption.NOFOLLOW_LINKS};

  private final SecureDirectoryStream<Path> directory;
  private final Optional<UserPrincipal> owner;
  private final LinkOption[] links;

  private Folder(DirectoryStream<Path> stream, Optional<UserPrincipal> owner) throws IOException {
    if (!(stream instanceof SecureDirectoryStream<Path> secure)) {
      stream.close();
      throw new IOException("this system cannot open files relative to a directory");
    }
    this.directory = secure;
    this.owner = owner;
    this.links = owner.isPresent() ? REFUSE_LINKS : FOLLOW;
  }

  /** A directory that is trusted. */
  static Folder open(Path path, Optional<UserPrincipal> owner) throws IOException {
    return new Folder(Files.newDirectoryStream(path), owner);
  }

  /** A directory below this one; with an owner, it must be his. */
  Folder open(String name) throws IOException {
    var folder = new Folder(directory.newDirectoryStream(Path.of(name), links), owner);
    if (owner.isPresent() && !owner.get().equals(folder.ownOwner())) {
      folder.close();
      throw new IOException(name + " belongs to another user");
    }
    return folder;
  }

  private UserPrincipal ownOwner() throws IOException {
    return directory.getFileAttributeView(PosixFileAttributeView.class).readAttributes().owner();
  }

  /** Shows every entry whose name does not begin with a dot; possible once. */
  void list(Visitor visitor) throws IOException {
    try {
      for (Path entry : directory) {
        String name = PathBytes.bytes(entry.getFileName());
        if (!name.startsWith(".")) {
          attributes(name).ifPresent(attributes -> visitor.visit(name, attributes));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** Empty if it is gone, or not to be seen. */
  private Optional<BasicFileAttributes> attributes(String name) {
    try {
      Path path = path(name);
      if (owner.isEmpty()) {
        return Optional.of(
            directory
                .getFileAttributeView(path, BasicFileAttributeView.class, links)
                .readAttributes());
      }
      var attributes =
          directory
              .getFileAttributeView(path, PosixFileAttributeView.class, links)
              .readAttributes();
      boolean visible = attributes.isRegularFile() && attributes.owner().equals(owner.get());
      return visible ? Optional.of(attributes) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // as qmail does with what it cannot stat
    }
  }

  /** Opens a file for reading. */
  SeekableByteChannel read(String name) throws IOException {
    // A pipe would keep us waiting for its writer.
    if (attributes(name).filter(a -> !a.isOther()).isEmpty()) {
      throw new IOException("no file of that name");
    }
    Set<? extends OpenOption> options =
        owner.isPresent()
            ? Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)
            : Set.of(StandardOpenOption.READ);
    return directory.newByteChannel(path(name), options);
  }

  /** unlink(2). */
  void delete(String name) throws IOException {
    directory.deleteFile(path(name));
  }

  /** rename(2). */
  void move(String name, Folder target, String targetName) throws IOException {
    directory.move(path(name), target.directory, path(targetName));
  }

  /** Any bytes: a URI has a way to write those that are no characters in the system's encoding. */
  private static Path path(String name) {
    boolean ascii = name.chars().allMatch(c -> c < 0x80);
    return ascii ? Path.of(name) : Path.of(URI.create(encoded(name))).getFileName();
  }

  private static String encoded(String name) {
    var uri = new StringBuilder("file:///");
    for (int i = 0; i < name.length(); i++) {
      uri.append('%').append(String.format("%02x", (int) name.charAt(i)));
    }
    return uri.toString();
  }

  @Override
  public void close() throws IOException {
    directory.close();
  }
}
