package org.sluice.delivery.mbox.internal;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Map;

/** qmail's words for system errors (spec 40 section 1). */
final class ErrorText {
  private static final Map<String, String> DIFFERENT =
      Map.of(
          "operation not permitted", "permission denied",
          "no space left on device", "out of disk space",
          "file too large", "file too big",
          "too many levels of symbolic links", "symbolic link loop",
          "too many open files", "process cannot open more files",
          "too many open files in system", "system cannot open more files");
  private static final java.util.Set<String> SAME =
      java.util.Set.of(
          "not a directory",
          "is a directory",
          "file name too long",
          "disk quota exceeded",
          "input/output error",
          "invalid argument",
          "read-only file system");

  private ErrorText() {}

  /** The word of the table, else {@code unknown error}. */
  static String of(Throwable e) {
    if (e instanceof NoSuchFileException) {
      return "file does not exist";
    }
    if (e instanceof AccessDeniedException) {
      return "access denied";
    }
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    String lower = reason == null ? "" : reason.toLowerCase(Locale.ROOT);
    return SAME.contains(lower) ? lower : DIFFERENT.getOrDefault(lower, "unknown error");
  }
}
