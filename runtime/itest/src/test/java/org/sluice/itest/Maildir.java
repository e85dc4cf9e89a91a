package org.sluice.itest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a mail user would see in {@code new/}. */
record Maildir(Path path) {
  int count() throws IOException {
    try (var files = Files.list(path.resolve("new"))) {
      return (int) files.count();
    }
  }

  List<String> messages() throws IOException {
    List<String> messages = new ArrayList<>();
    try (var files = Files.list(path.resolve("new"))) {
      for (Path file : files.sorted().toList()) {
        messages.add(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return messages;
  }

  void clear() throws IOException {
    try (var files = Files.list(path.resolve("new"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  /** A message without the trace lines of one host. */
  static String withoutTrace(String message) {
    return withoutTrace(message, 1);
  }

  /** A message without what delivery and the hosts passed put in front of it. */
  static String withoutTrace(String message, int hosts) {
    return withoutFields(
        withoutLine(withoutLine(message, "Return-Path: <"), "Delivered-To: "), hosts);
  }

  /** A message without the Received fields of the hosts it has passed. */
  static String withoutFields(String message, int hosts) {
    String rest = message;
    for (int i = 0; i < hosts; i++) {
      rest = withoutLine(withoutLine(rest, "Received: (qmail "), "Received: from ");
      rest = withoutLine(rest, "  by ");
    }
    return rest;
  }

  private static String withoutLine(String message, String start) {
    if (!message.startsWith(start)) {
      throw new AssertionError("no line '" + start + "' in front of: " + message);
    }
    return message.substring(message.indexOf('\n') + 1);
  }
}
