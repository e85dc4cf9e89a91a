package org.sluice.users.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.delivery.LocalUser;
import org.sluice.api.delivery.UserDirectory;

/** qmail-lspawn's mapping (spec 40 section 2.2), from users/assign itself. */
@Component
public final class UsersDirectory implements UserDirectory {
  private final Path home;
  private final Accounts accounts;
  private final AtomicReference<Optional<Assignments>> known =
      new AtomicReference<>(Optional.empty());

  /** The home directory is the framework property {@code sluice.home}. */
  @Activate
  public UsersDirectory(BundleContext context) {
    this(Path.of(context.getProperty("sluice.home")), Path.of("/etc/passwd"));
  }

  UsersDirectory(Path home, Path passwd) {
    this.home = home;
    this.accounts = new Accounts(passwd);
  }

  @Override
  public Optional<LocalUser> find(String local) throws IOException {
    Optional<Assignments> assigned = Assignments.read(home.resolve("users/assign"), known.get());
    known.set(assigned);
    Optional<LocalUser> user = Optional.empty();
    if (assigned.isPresent()) {
      user = assigned.get().find(local);
    }
    if (user.isEmpty()) {
      user = accounts.find(local);
    }
    return user.isPresent() ? user : Optional.of(alias(local));
  }

  /** Everything else belongs to the alias user, whose directory is in the home directory. */
  private LocalUser alias(String local) throws IOException {
    Path directory = home.resolve("alias");
    int uid = (Integer) Files.getAttribute(directory, "unix:uid");
    int gid = (Integer) Files.getAttribute(directory, "unix:gid");
    return new LocalUser("alias", uid, gid, directory, "-", local);
  }
}
