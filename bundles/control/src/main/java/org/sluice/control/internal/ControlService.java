package org.sluice.control.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.sluice.api.control.Control;

/**
 * The control files of the server's home directory, which the framework property {@code
 * sluice.home} names. Apart from {@link ControlFiles} itself, which programs use without a
 * framework.
 */
@Component(service = Control.class)
public final class ControlService extends ControlFiles {
  /** By Declarative Services. */
  @Activate
  public ControlService(BundleContext context) {
    super(home(context), System::nanoTime);
  }

  private static Path home(BundleContext context) {
    String home = context.getProperty("sluice.home");
    if (home == null || !Files.isDirectory(Path.of(home))) {
      throw new IllegalStateException(
          "sluice.home is '" + home + "', which is no directory; set SLUICE_HOME");
    }
    return Path.of(home);
  }

  @Deactivate
  @Override
  void close() throws IOException {
    super.close();
  }
}
