package org.sluice.auth.checkpassword.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.auth.Authenticator;
import org.sluice.api.auth.Credentials;
import org.sluice.api.auth.Identity;
import org.sluice.api.program.ProgramHost;
import org.sluice.base.OperatorConfig;
import org.sluice.base.PrintableText;

/**
 * Asks an external program that keeps to the checkpassword interface (spec 20 section 11). The
 * program that it runs on success tells who it has been run as.
 */
@Component(
    configurationPid = CheckerAuthenticator.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = CheckerConfig.class, factory = true)
public final class CheckerAuthenticator implements Authenticator {
  static final String PID = "org.sluice.auth.checkpassword";

  private static final Logger LOG = LoggerFactory.getLogger(CheckerAuthenticator.class);
  private static final int REFUSED = 1;
  private static final Pattern MECHANISM = Pattern.compile("[A-Z0-9_-]+");

  private final ProgramHost programs;
  private final List<String> argv;
  private final Set<String> mechanisms;
  private final Map<String, String> environment;
  private final Duration limit;
  private final InstantSource clock = InstantSource.system();

  /** By Declarative Services. */
  @Activate
  public CheckerAuthenticator(
      @Reference ProgramHost programs, CheckerConfig config, Map<String, Object> properties) {
    this(programs, OperatorConfig.mended(PID, CheckerConfig.class, config, properties, Map.of()));
  }

  CheckerAuthenticator(ProgramHost programs, CheckerConfig config) {
    this(
        programs,
        List.of(elements("command", config.command())),
        mechanisms(elements("mechanisms", config.mechanisms())),
        variables(elements("environment", config.environment())),
        Duration.ofSeconds(Math.max(1, config.timeoutSeconds())));
  }

  CheckerAuthenticator(
      ProgramHost programs,
      List<String> command,
      Set<String> mechanisms,
      Map<String, String> environment,
      Duration limit) {
    if (command.isEmpty()) {
      throw new IllegalArgumentException(PID + ": command is not set");
    }
    this.programs = programs;
    this.argv = new ArrayList<>(command);
    this.argv.addAll(Report.PROGRAM);
    this.mechanisms = mechanisms;
    this.environment = environment;
    this.limit = limit;
  }

  /** A list that has been read as one text is not what the operator meant. */
  private static String[] elements(String name, String[] values) {
    if (values.length == 1 && values[0].strip().startsWith("[")) {
      throw new IllegalArgumentException(
          "%s: %s has been read as one text, not as a list: a .cfg file has lists only if all its"
                  .formatted(PID, name)
              + " values have types, so write %s = [ \"...\", \"...\" ], and timeoutSeconds = I\"30\""
                  .formatted(name));
    }
    return values;
  }

  private static Set<String> mechanisms(String[] names) {
    for (String name : names) {
      if (!MECHANISM.matcher(name).matches()) {
        throw new IllegalArgumentException(
            PID
                + ": no mechanism's name: "
                + name
                + "; write mechanisms = [ \"PLAIN\", \"LOGIN\" ]");
      }
    }
    return new TreeSet<>(List.of(names));
  }

  private static Map<String, String> variables(String[] entries) {
    Map<String, String> map = new LinkedHashMap<>();
    for (String entry : entries) {
      int equals = entry.indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException(PID + ": not NAME=value: " + entry);
      }
      map.put(entry.substring(0, equals).strip(), entry.substring(equals + 1));
    }
    return map;
  }

  @Override
  public Set<String> mechanisms() {
    return mechanisms;
  }

  @Override
  public Optional<Identity> authenticate(Credentials credentials)
      throws IOException, InterruptedException {
    Optional<LoginData> data = data(credentials);
    if (data.isEmpty()) {
      return Optional.empty();
    }
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int status =
        programs
            .execution(argv)
            .environment(environment)
            .input(3, new ByteArrayInputStream(data.get().bytes()))
            .output(1, new Bounded(out))
            .output(2, new Bounded(err))
            .deadline(clock.instant().plus(limit))
            .run();
    if (status == REFUSED) {
      return Optional.empty();
    }
    if (status != 0) {
      String said = PrintableText.of(err.toString(StandardCharsets.ISO_8859_1).strip(), ' ');
      LOG.warn("{} ended with {}: {}", argv.get(0), status, said);
      throw new IOException(argv.get(0) + " ended with " + status);
    }
    return Optional.of(Report.parse(out.toByteArray(), environment));
  }

  /** Empty if this checker cannot tell. */
  private Optional<LoginData> data(Credentials credentials) {
    LoginData data;
    if (credentials instanceof Credentials.Response response) {
      if (!mechanisms.contains(response.mechanism())) {
        return Optional.empty();
      }
      data = new LoginData(response.name(), response.secret(), response.challenge());
    } else {
      data = new LoginData(credentials.name(), credentials.secret(), "");
    }
    boolean fits = data.bytes().length <= LoginData.LONGEST;
    boolean clean = (data.name() + data.secret() + data.challenge()).indexOf('\0') < 0;
    return fits && clean ? Optional.of(data) : Optional.empty();
  }

  /** Keeps the beginning of what is written. */
  private static final class Bounded extends OutputStream {
    private static final int MOST = 65_536;
    private final ByteArrayOutputStream kept;

    Bounded(ByteArrayOutputStream kept) {
      this.kept = kept;
    }

    @Override
    public void write(int octet) {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      kept.write(bytes, offset, Math.min(length, MOST - kept.size()));
    }
  }
}
