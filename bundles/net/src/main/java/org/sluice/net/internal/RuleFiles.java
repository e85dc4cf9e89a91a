package org.sluice.net.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rules databases that a listener uses or has used. For one thread at a time. */
final class RuleFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RuleFiles.class);

  private final Map<Path, RuleFile> files = new HashMap<>();

  /**
   * The rules of a path, from now on. All others are closed: a session of before that asks once
   * more opens its own again.
   *
   * @param path null for no rules
   */
  RuleSource use(Path path) {
    close();
    return Optional.ofNullable(path)
        .<RuleSource>map(p -> files.computeIfAbsent(p, RuleFile::of))
        .orElse(RuleSource.NONE);
  }

  @Override
  public void close() {
    files.forEach(
        (path, file) -> {
          try {
            file.close();
          } catch (IOException e) {
            LOG.debug("{}: {}", path, e.toString());
          }
        });
  }
}
