package org.sluice.base.program;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.base.Attributes;
import org.sluice.base.PathBytes;

/**
 * Which file a program is, and what execve(2) would say of it, found out before the start. Later it
 * is too late: a shell and setpriv(1) say it on descriptor 2, which may be a client's connection,
 * and have, as the JDK has, sh run what the system cannot.
 *
 * @param path where names without a slash are searched, as in PATH
 * @param directory the working directory of the program
 * @param user whom the program is run as, if this process is root and he is not
 * @param strict whether sh runs nothing in the place of the system, see {@link
 *     org.sluice.api.program.Execution#pathexec}
 */
record ProgramFile(String path, Path directory, Optional<SystemUser> user, boolean strict) {
  /** Without PATH. */
  static final String DEFAULT_PATH = "/bin:/usr/bin";

  /** What the system looks at of a file. */
  private static final int HEAD = 256;

  /** How many files may name each other as interpreters; what the system says is its business. */
  private static final int INTERPRETERS = 5;

  private static final Pattern SCRIPT = Pattern.compile("#![ \t]*([^ \t\n\0]*)");
  private static final Path FORMATS = Path.of("/proc/sys/fs/binfmt_misc");

  /** As the process is given it; fails as execve(2) would. */
  String find(String name) throws IOException, InterruptedException {
    if (name.indexOf('/') >= 0) {
      demand(name, INTERPRETERS);
      return name;
    }
    IOException failure =
        new NoSuchFileException(name, null, "no such program, neither registered nor in PATH");
    for (String place : path.split(":", -1)) {
      String file = (place.isEmpty() ? "." : place) + "/" + name;
      try {
        demand(file, INTERPRETERS);
        return file;
      } catch (NoSuchFileException e) {
        continue;
      } catch (AccessDeniedException e) {
        failure = e;
      } catch (FileSystemException e) {
        if (strict) { // execvp(3) goes on after a place that is no directory
          throw e;
        }
      }
    }
    throw failure;
  }

  private void demand(String name, int more) throws IOException, InterruptedException {
    Path file = executable(name);
    Optional<byte[]> bytes = head(file);
    if (bytes.isEmpty() || more == 0) {
      return; // may be executed and not read: the system knows
    }
    String head = new String(bytes.get(), StandardCharsets.ISO_8859_1);
    Matcher script = SCRIPT.matcher(head);
    if (script.lookingAt() && !script.group(1).isEmpty()) {
      demand(script.group(1), more - 1);
    } else if (strict && !more(FORMATS) && !binary(head, bytes.get(), file)) {
      throw new FileSystemException(name, null, "Exec format error");
    }
  }

  private static boolean binary(String head, byte[] bytes, Path file) throws IOException {
    return head.startsWith(ElfHead.MAGIC)
        && (ElfHead.SYSTEM.isEmpty() || !ElfHead.SYSTEM.get().refused(bytes, Files.size(file)));
  }

  /** Whether the system was taught further formats; which files they are is its business then. */
  static boolean more(Path formats) {
    String[] entries = formats.toFile().list();
    return entries != null && !Set.of("register", "status").containsAll(List.of(entries));
  }

  private static Optional<byte[]> head(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(in.readNBytes(HEAD));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The file, if it may be executed. */
  private Path executable(String name) throws IOException, InterruptedException {
    Path file = PathBytes.find(directory, name).orElseThrow(() -> missing(name));
    try {
      if (user.isPresent()) {
        walk(name.startsWith("/") ? file.getRoot() : directory, file);
      }
      Map<String, Object> attributes = attributes(file);
      if (!Boolean.TRUE.equals(attributes.get("isRegularFile"))
          || !(user.isPresent() ? mayExecute(attributes) : Files.isExecutable(file))) {
        throw new AccessDeniedException(name);
      }
    } catch (NoSuchFileException e) {
      throw missing(name);
    } catch (AccessDeniedException e) {
      if (user.isEmpty() || !granted(name)) {
        throw new AccessDeniedException(name, null, "cannot be executed");
      }
    }
    return file;
  }

  private static NoSuchFileException missing(String name) {
    return new NoSuchFileException(name, null, "no such program");
  }

  /** Fails if the user may not search a directory on the way, that of symbolic links too. */
  private void walk(Path from, Path file) throws IOException {
    Path at = from;
    for (int i = from.getNameCount(); i < file.getNameCount(); i++) {
      Map<String, Object> attributes = attributes(at);
      if (!isDirectory(attributes)) {
        throw new NotDirectoryException(at.toString());
      }
      if (!mayExecute(attributes)) {
        throw new AccessDeniedException(at.toString());
      }
      Path next = at.resolve(file.getName(i));
      if (Files.isSymbolicLink(next)) {
        attributes(next); // not if links go round in circles
        Path target = Files.readSymbolicLink(next);
        walk(target.isAbsolute() ? target.getRoot() : at, at.resolve(target));
      }
      at = next;
    }
  }

  private static Map<String, Object> attributes(Path file) throws IOException {
    return Attributes.read(file, "unix:mode,uid,gid,isDirectory,isRegularFile");
  }

  private static boolean isDirectory(Map<String, Object> attributes) {
    return Boolean.TRUE.equals(attributes.get("isDirectory"));
  }

  /** By the mode, the user's only group being his gid. */
  private boolean mayExecute(Map<String, Object> attributes) {
    SystemUser as = user.orElseThrow();
    int mode = (Integer) attributes.get("mode");
    if (as.isRoot()) {
      return isDirectory(attributes) || (mode & 0111) != 0;
    }
    boolean owner = attributes.get("uid").equals(as.uid());
    boolean group = attributes.get("gid").equals(as.gid());
    return (mode & (owner ? 0100 : group ? 010 : 01)) != 0;
  }

  /** Access lists, which Java does not show, may allow what the mode does not: asks as the user. */
  private boolean granted(String name) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(user.orElseThrow().become());
    words.addAll(List.of(SystemCommand.of("test"), "-f", name, "-a", "-x", name));
    var builder = new ProcessBuilder("/bin/sh", "-c", new ShellScript().exec(words));
    return builder
            .directory(directory.toFile())
            .redirectInput(new File("/dev/null"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }
}
