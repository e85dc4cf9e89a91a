package org.sluice.users.internal;

import java.io.IOException;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.control.Control;
import org.sluice.api.delivery.LocalUser;
import org.sluice.api.delivery.UserDirectory;

/** qmail-lspawn's mapping (spec 40 section 2.2): the assignments, then qmail-getpw. */
@Component
public final class UsersDirectory implements UserDirectory {
  private final Directory assignments;
  private final GetPw accounts;

  /** Of the home directory. */
  @Activate
  public UsersDirectory(@Reference Control control) {
    this(new Directory(control.home()), new GetPw(SystemAccounts.ofSystem(), control.home()));
  }

  UsersDirectory(Directory assignments, GetPw accounts) {
    this.assignments = assignments;
    this.accounts = accounts;
  }

  @Override
  public Optional<LocalUser> find(String local) throws IOException, InterruptedException {
    Optional<Fields> assigned = assignments.find(local);
    Fields fields = assigned.isPresent() ? assigned.get() : accounts.find(local);
    return Optional.of(fields.localUser());
  }
}
