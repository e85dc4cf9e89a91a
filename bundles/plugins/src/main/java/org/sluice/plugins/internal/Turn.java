package org.sluice.plugins.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.osgi.framework.Constants;

/** Who starts after whom, of the plugins that are there when the server starts. */
enum Turn {
  /** Whatever mail may go through. */
  MAIL,
  /** Takes connections, and so does after those that look at what comes in by them. */
  LISTENER,
  /** Says that no mail goes through it, as an operator's program: mail is served meanwhile. */
  LATE;

  private static final String START = "Sluice-Start";
  private static final String HANDLER = "org.sluice.api.net.ConnectionHandler";

  /**
   * Of a bundle in a file; {@link #MAIL} if it is none, which whoever reads it in full will tell.
   */
  static Turn of(Path file) {
    try (var jar = new JarFile(file.toFile(), false)) {
      Manifest manifest = jar.getManifest();
      return manifest == null ? MAIL : of(manifest.getMainAttributes()::getValue);
    } catch (IOException | RuntimeException e) { // names in it that are none
      return MAIL;
    }
  }

  /**
   * By what the manifest says.
   *
   * @param headers null for one that is not there
   */
  static Turn of(UnaryOperator<String> headers) {
    String provides = headers.apply(Constants.PROVIDE_CAPABILITY);
    if (provides != null && provides.contains(HANDLER)) {
      return LISTENER;
    }
    String start = headers.apply(START);
    return start != null && start.strip().equals("late") ? LATE : MAIL;
  }
}
