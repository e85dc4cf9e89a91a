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

  /** A message without the trace lines that delivery and queue put in front of it. */
  static String withoutTrace(String message) {
    int at = 0;
    while (message.startsWith("Return-Path: ", at)
        || message.startsWith("Delivered-To: ", at)
        || message.startsWith("Received: (qmail ", at)
        || message.startsWith("Received: from ", at)
        || message.startsWith("  by ", at)) {
      at = message.indexOf('\n', at) + 1;
    }
    return message.substring(at);
  }
}
