package org.sluice.base;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** qmail's words for system errors, and which of them pass by themselves (spec 40 section 1). */
public final class SystemError {
  /** What is said of an error that is not in the table. */
  public static final String UNKNOWN = "unknown error";

  private static final String NOT_THERE = "file does not exist";
  private static final String DENIED = "access denied";
  private static final String NOT_DIRECTORY = "not a directory";
  private static final String LOOP = "symbolic link loop";
  private static final String NOT_EMPTY = "directory not empty";
  private static final String EXISTS = "file already exists";

  /** The C library's words, in lower case, and qmail's. */
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("no such file or directory", NOT_THERE),
          Map.entry("permission denied", DENIED),
          Map.entry("operation not permitted", "permission denied"),
          Map.entry("file exists", EXISTS),
          Map.entry("not a directory", NOT_DIRECTORY),
          Map.entry("is a directory", "is a directory"),
          Map.entry("invalid argument", "invalid argument"),
          Map.entry("input/output error", "input/output error"),
          Map.entry("cannot allocate memory", "out of memory"),
          Map.entry("no space left on device", "out of disk space"),
          Map.entry("disk quota exceeded", "disk quota exceeded"),
          Map.entry("file too large", "file too big"),
          Map.entry("read-only file system", "read-only file system"),
          Map.entry("too many levels of symbolic links", LOOP),
          Map.entry("file name too long", "file name too long"),
          Map.entry("directory not empty", NOT_EMPTY),
          Map.entry("invalid cross-device link", "cross-device link"),
          Map.entry("too many links", "too many links"),
          Map.entry("no such device or address", "device not configured"),
          Map.entry("illegal seek", "unseekable descriptor"),
          Map.entry("broken pipe", "broken pipe"),
          Map.entry("text file busy", "text busy"),
          Map.entry("device or resource busy", "device busy"),
          Map.entry("resource temporarily unavailable", "temporary failure"),
          Map.entry("interrupted system call", "interrupted system call"),
          Map.entry("too many open files in system", "system cannot open more files"),
          Map.entry("too many open files", "process cannot open more files"),
          Map.entry("no locks available", "no locks available"),
          Map.entry("stale file handle", "stale NFS file handle"),
          Map.entry("exec format error", "exec format error"),
          Map.entry("argument list too long", "argument list too long"),
          Map.entry("connection timed out", "timed out"),
          Map.entry("connection refused", "connection refused"),
          Map.entry("connection reset by peer", "connection reset"),
          Map.entry("connection reset", "connection reset"),
          Map.entry("software caused connection abort", "connection aborted"),
          Map.entry("address already in use", "address already used"),
          Map.entry("cannot assign requested address", "address not available"),
          Map.entry("network is down", "network down"),
          Map.entry("network is unreachable", "network unreachable"),
          Map.entry("no route to host", "host unreachable"),
          Map.entry("host is down", "host down"),
          Map.entry("no buffer space available", "out of buffer space"),
          Map.entry("resource deadlock avoided", "operation would cause deadlock"));

  private static final Set<String> PERMANENT =
      Set.of(
          NOT_THERE,
          DENIED,
          "permission denied",
          EXISTS,
          NOT_DIRECTORY,
          "is a directory",
          "invalid argument",
          "read-only file system",
          LOOP,
          "file name too long",
          NOT_EMPTY,
          "cross-device link",
          "too many links",
          "device not configured",
          "unseekable descriptor",
          "broken pipe",
          "exec format error",
          "argument list too long");

  /** How ProcessBuilder puts it, up to JDK 21 and since. */
  private static final Pattern START = Pattern.compile("error(?:=\\d+, |: \\d+ \\()([^()]*)");

  private SystemError() {}

  /** The words of the table, else {@value #UNKNOWN}. */
  public static String text(IOException e) {
    if (e instanceof NoSuchFileException) {
      return NOT_THERE;
    }
    if (e instanceof AccessDeniedException) {
      return DENIED;
    }
    if (e instanceof FileAlreadyExistsException) {
      return EXISTS;
    }
    if (e instanceof NotDirectoryException) {
      return NOT_DIRECTORY;
    }
    if (e instanceof DirectoryNotEmptyException) {
      return NOT_EMPTY;
    }
    if (e instanceof EOFException) {
      return "protocol error"; // a file that ends before its format does
    }
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    String lower = reason == null ? "" : reason.toLowerCase(Locale.ROOT);
    // NIO says more than the C library here.
    if (e instanceof FileSystemLoopException || lower.startsWith("too many levels of symbolic")) {
      return LOOP;
    }
    if (e instanceof FileNotFoundException && lower.endsWith(")")) {
      lower = lower.substring(lower.lastIndexOf('(') + 1, lower.length() - 1);
    }
    Matcher start = START.matcher(lower);
    return WORDS.getOrDefault(start.find() ? start.group(1) : lower, UNKNOWN);
  }

  /** Whether trying again may help. What is not in the table counts as temporary, to be safe. */
  public static boolean temporary(IOException e) {
    return !PERMANENT.contains(text(e));
  }

  /** EACCES or EPERM. */
  public static boolean denied(IOException e) {
    String text = text(e);
    return text.equals(DENIED) || text.equals("permission denied");
  }
}
