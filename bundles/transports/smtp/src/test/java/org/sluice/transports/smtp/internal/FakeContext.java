package org.sluice.transports.smtp.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sluice.api.program.ProgramContext;

/** A program's surroundings in memory. */
record FakeContext(List<String> arguments, InputStream in, ByteArrayOutputStream out)
    implements ProgramContext {
  FakeContext(List<String> arguments, String stdin) {
    this(
        arguments,
        new ByteArrayInputStream(stdin.getBytes(StandardCharsets.ISO_8859_1)),
        new ByteArrayOutputStream());
  }

  String output() {
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public Map<String, String> environment() {
    return Map.of();
  }

  @Override
  public Path directory() {
    return Path.of(".");
  }

  @Override
  public OutputStream err() {
    return OutputStream.nullOutputStream();
  }

  @Override
  public Optional<InputStream> input(int descriptor) {
    return Optional.empty();
  }

  @Override
  public Optional<OutputStream> output(int descriptor) {
    return Optional.empty();
  }

  @Override
  public int exec(List<String> argv) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Instant> deadline() {
    return Optional.empty();
  }
}
