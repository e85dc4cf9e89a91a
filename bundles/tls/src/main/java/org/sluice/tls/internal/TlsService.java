package org.sluice.tls.internal;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLSocket;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.net.TlsServer;
import org.sluice.base.FileVersion;

/** TLS with keys from files, which are looked at once a second at most. */
@Component(configurationPid = TlsService.PID)
@Designate(ocd = TlsConfig.class)
public final class TlsService implements TlsServer {
  static final String PID = "org.sluice.tls";

  private static final Logger LOG = LoggerFactory.getLogger(TlsService.class);
  private static final long CHECK_NANOS = 1_000_000_000L;
  private static final Set<String> SAFE = Set.of("TLSv1.2", "TLSv1.3");

  private final List<KeyFiles.Entry> entries;
  private final Optional<Path> passwordFile;
  private final Optional<Path> authorities;
  private final String[] protocols;
  private final int sessions;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Optional<Tls> present = Optional.empty();
  private volatile long checked;
  private Map<Path, FileVersion> versions = Map.of();
  private boolean troubled;

  /** For the framework. */
  @Activate
  public TlsService(TlsConfig config, BundleContext context) {
    this(
        config,
        Path.of(Optional.ofNullable(context.getProperty("sluice.home")).orElse("")),
        System::nanoTime);
  }

  TlsService(TlsConfig config, Path home, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    entries = new ArrayList<>();
    for (String entry : words(config.certificates())) {
      entries.add(new KeyFiles.Entry(Arrays.stream(entry.split(":")).map(home::resolve).toList()));
    }
    passwordFile = Optional.of(config.passwordFile()).filter(f -> !f.isBlank()).map(home::resolve);
    authorities =
        Optional.of(config.clientAuthorities()).filter(f -> !f.isBlank()).map(home::resolve);
    protocols = words(config.protocols());
    if (protocols.length == 0 || !SAFE.containsAll(Arrays.asList(protocols))) {
      throw new IllegalArgumentException(PID + ": protocols may be TLSv1.2 and TLSv1.3");
    }
    sessions = Math.max(1, config.sessions());
    checked = nanoTime.getAsLong();
    reload();
  }

  private static String[] words(String text) {
    return text.isBlank() ? new String[0] : text.strip().split("[,\\s]+");
  }

  @Override
  public boolean ready() {
    return keys().isPresent();
  }

  @Override
  public SSLSocket wrap(Socket socket) throws IOException {
    return keys().orElseThrow(() -> new IOException("no usable TLS keys")).wrap(socket);
  }

  private Optional<Tls> keys() {
    // Who finds the lock taken uses what there is: somebody else is reading the new files.
    if (nanoTime.getAsLong() - checked >= CHECK_NANOS && lock.tryLock()) {
      try {
        checked = nanoTime.getAsLong();
        reload();
      } finally {
        lock.unlock();
      }
    }
    return present;
  }

  /** Reads the files if they are others than before; keeps the old keys if the new are no good. */
  private void reload() {
    Map<Path, FileVersion> now = new HashMap<>();
    try {
      for (Path file : files()) {
        now.put(file, FileVersion.of(file));
      }
    } catch (NoSuchFileException e) {
      // Without any file there is no TLS, as with qmail's patch, which is nothing to report.
      trouble(present.isPresent(), "is gone: " + e.getMessage());
      return;
    } catch (IOException e) {
      trouble(true, e.toString());
      return;
    }
    troubled = false;
    if (!now.equals(versions)) {
      versions = now;
      load();
    }
  }

  /** Reports what is wrong, once. */
  private void trouble(boolean report, String text) {
    if (report && !troubled) {
      LOG.error("TLS key file {}; TLS is {}", text, present.isPresent() ? "as before" : "off");
    }
    troubled = true;
  }

  private void load() {
    try {
      present =
          Optional.of(new Tls(KeyFiles.read(entries, password()), trusted(), protocols, sessions));
      LOG.info("TLS keys read: {}", entries);
    } catch (IOException e) {
      trouble(true, "is no good: " + e.getMessage());
    }
  }

  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    entries.forEach(entry -> files.addAll(entry.files()));
    passwordFile.ifPresent(files::add);
    authorities.ifPresent(files::add);
    return files;
  }

  private Optional<char[]> password() throws IOException {
    if (passwordFile.isEmpty()) {
      return Optional.empty();
    }
    String text = Files.readString(passwordFile.get(), StandardCharsets.UTF_8);
    return Optional.of(text.lines().findFirst().orElse("").toCharArray());
  }

  private Optional<KeyStore> trusted() throws IOException {
    if (authorities.isEmpty()) {
      return Optional.empty();
    }
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (var certificate : KeyFiles.certificates(Pem.read(authorities.get()))) {
        store.setCertificateEntry("ca" + store.size(), certificate);
      }
      return Optional.of(store);
    } catch (GeneralSecurityException e) {
      throw new IOException(authorities.get() + ": " + e.getMessage(), e);
    }
  }
}
