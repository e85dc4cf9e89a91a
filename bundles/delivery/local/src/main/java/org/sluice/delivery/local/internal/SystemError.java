package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** qmail's words for system errors, and which of them pass (spec 40 section 1). */
final class SystemError {
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("not a directory", "not a directory"),
          Map.entry("is a directory", "is a directory"),
          Map.entry("file name too long", "file name too long"),
          Map.entry("operation not permitted", "permission denied"),
          Map.entry("permission denied", "access denied"),
          Map.entry("no such file or directory", "file does not exist"),
          Map.entry("no space left on device", "out of disk space"),
          Map.entry("disk quota exceeded", "disk quota exceeded"),
          Map.entry("input/output error", "input/output error"),
          Map.entry("too many levels of symbolic links", "symbolic link loop"),
          Map.entry("too many open files", "process cannot open more files"),
          Map.entry("too many open files in system", "system cannot open more files"),
          Map.entry("cannot allocate memory", "out of memory"),
          Map.entry("read-only file system", "read-only file system"),
          Map.entry("stale file handle", "stale nfs file handle"));
  private static final Set<String> TEMPORARY =
      Set.of(
          "out of disk space",
          "disk quota exceeded",
          "input/output error",
          "process cannot open more files",
          "system cannot open more files",
          "out of memory",
          "stale nfs file handle");

  private SystemError() {}

  /** The word of the table, else {@code unknown error}. */
  static String text(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "file does not exist";
    }
    if (e instanceof AccessDeniedException) {
      return "access denied";
    }
    if (e instanceof NotDirectoryException) {
      return "not a directory";
    }
    if (e instanceof FileSystemLoopException) {
      return "symbolic link loop";
    }
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return reason == null
        ? "unknown error"
        : WORDS.getOrDefault(reason.toLowerCase(Locale.ROOT), "unknown error");
  }

  /** A temporary system error: trying again may help. */
  static boolean temporary(IOException e) {
    return TEMPORARY.contains(text(e));
  }
}
