package org.sluice.base;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sluice.api.mail.Header;
import org.sluice.api.mail.MessageSource;

/** A message in a file of its own. */
public final class FileMessage implements MessageSource {
  private final Path file;
  private final long size;

  /** The file is not kept open. */
  public FileMessage(Path file) throws IOException {
    this.file = file;
    this.size = Files.size(file);
  }

  /** The file, which has nothing but the message. */
  public Path path() {
    return file;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public InputStream open() throws IOException {
    return Files.newInputStream(file);
  }

  @Override
  public Header header() throws IOException {
    try (var in = open()) {
      return HeaderReader.read(in);
    }
  }
}
