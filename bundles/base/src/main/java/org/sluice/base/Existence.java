package org.sluice.base;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.spi.FileSystemProvider;
import java.util.Optional;

/** Finds files that are missing without an exception each, which JVMs from 20 on can. */
public final class Existence {
  private static final Optional<Method> IF_EXISTS = find();
  private static final LinkOption[] FOLLOW = {};

  private Existence() {}

  /**
   * Whether a file is known to be missing (ENOENT). If not, it is there, or cannot be looked at:
   * the next call tells. Links are followed.
   */
  public static boolean missing(Path path) {
    if (IF_EXISTS.isEmpty()) {
      return false;
    }
    try {
      FileSystemProvider provider = path.getFileSystem().provider();
      return IF_EXISTS.get().invoke(provider, path, BasicFileAttributes.class, FOLLOW) == null;
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IOException) {
        return false;
      }
      throw new IllegalStateException("the file system's provider failed", e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("a public method is not accessible", e);
    }
  }

  private static Optional<Method> find() {
    try {
      return Optional.of(
          FileSystemProvider.class.getMethod(
              "readAttributesIfExists", Path.class, Class.class, LinkOption[].class));
    } catch (NoSuchMethodException e) {
      return Optional.empty(); // an older JVM
    }
  }
}
