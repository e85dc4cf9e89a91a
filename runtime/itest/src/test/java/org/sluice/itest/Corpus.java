package org.sluice.itest;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.apache.james.mime4j.ExampleMail;
import org.sluice.testkit.Installed;

/**
 * Real messages, many of them broken, that packages ship as their test data: mime4j's, Python's
 * e-mail package's, flufl.bounce's (bounces of all the world's mail servers) and enmime's. Lines
 * end in LF, as they do on this side of SMTP.
 */
final class Corpus {
  private static final int LEAST = 300;

  private Corpus() {}

  /** Every message once. */
  static List<String> messages() throws IOException {
    Collection<String> messages = new TreeSet<>();
    try (var directories = Files.list(Path.of("/usr/lib"))) {
      for (Path python : directories.filter(d -> name(d).startsWith("python3")).toList()) {
        add(messages, python.resolve("test/test_email/data"), ".txt");
        add(messages, python.resolve("dist-packages/flufl/bounce/tests/data"), ".txt");
      }
    }
    add(messages, Path.of("/usr/share/gocode/src/github.com/jhillyerd/enmime/testdata"), ".raw");
    try (var jar = FileSystems.newFileSystem(mime4j())) {
      add(messages, jar.getPath("/"), ".msg");
    }
    Installed.require(
        messages.size() >= LEAST, "a corpus of " + LEAST + " messages, not " + messages.size());
    return new ArrayList<>(messages);
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static Path mime4j() throws IOException {
    try {
      return Path.of(ExampleMail.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  private static void add(Collection<String> messages, Path root, String suffix)
      throws IOException {
    if (Files.isDirectory(root)) {
      try (var files = Files.walk(root)) {
        for (Path file : files.filter(f -> f.toString().endsWith(suffix)).toList()) {
          messages.add(normal(Files.readString(file, StandardCharsets.ISO_8859_1)));
        }
      }
    }
  }

  private static String normal(String message) {
    String text = message.replace("\r\n", "\n");
    return text.endsWith("\n") ? text : text + "\n";
  }
}
