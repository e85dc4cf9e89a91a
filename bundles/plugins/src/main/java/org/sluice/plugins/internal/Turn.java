package org.sluice.plugins.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.osgi.framework.Constants;

/** Who starts after whom, of the plugins that are there when the server starts. */
enum Turn {
  /** Whatever mail may go through. */
  MAIL,
  /** Takes connections, and so does after those that look at what comes in by them. */
  LISTENER,
  /** Nothing but programs, which somebody runs now and then: mail is served meanwhile. */
  PROGRAMS;

  private static final String HANDLER = "org.sluice.api.net.ConnectionHandler";
  private static final String PROGRAM = "org.sluice.api.program.Program";

  /** With any of these a bundle does something for others, or may. */
  private static final List<String> MORE =
      List.of(Constants.BUNDLE_ACTIVATOR, Constants.EXPORT_PACKAGE, Constants.FRAGMENT_HOST);

  private static final Pattern SERVICE = Pattern.compile("objectClass[^=]*=\\s*\"([^\"]*)\"");

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
   * By what the manifest announces.
   *
   * @param headers the manifest's, null for one that is not there
   */
  static Turn of(UnaryOperator<String> headers) {
    String provides = headers.apply(Constants.PROVIDE_CAPABILITY);
    if (provides == null) {
      return MAIL;
    }
    var services = SERVICE.matcher(provides).results().map(found -> found.group(1)).toList();
    if (services.stream().anyMatch(names -> names.contains(HANDLER))) {
      return LISTENER;
    }
    boolean more = MORE.stream().anyMatch(header -> headers.apply(header) != null);
    return !more && !services.isEmpty() && services.stream().allMatch(PROGRAM::equals)
        ? PROGRAMS
        : MAIL;
  }
}
