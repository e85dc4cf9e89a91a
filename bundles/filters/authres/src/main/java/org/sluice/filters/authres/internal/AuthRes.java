package org.sluice.filters.authres.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.sluice.api.control.Control;
import org.sluice.api.filter.AuthResult;
import org.sluice.api.filter.FilterException;
import org.sluice.api.filter.FilterProperties;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.filter.MessageEdits;
import org.sluice.api.filter.MessageFilter;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Header;
import org.sluice.api.mail.HeaderField;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.Reply;
import org.sluice.base.OwnMail;

/**
 * Takes away fields {@code Authentication-Results} that claim to be of this service (RFC 8601
 * section 5), and puts one on top with what the filters before it have left (see {@link
 * AuthResult}). Asked before filters without a ranking, which may read the field.
 */
@Component(
    configurationPid = AuthRes.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    property = {
      FilterProperties.NAME + "=authres",
      FilterProperties.CONCURRENCY + "=20", // asks nobody, and headers of a megabyte add up
      Constants.SERVICE_RANKING + ":Integer=800"
    })
@Designate(ocd = AuthResConfig.class)
public final class AuthRes implements MessageFilter {
  static final String PID = "org.sluice.filters.authres";

  private final Control control;
  private final String configured;

  /** For the framework. */
  @Activate
  public AuthRes(@Reference Control control, AuthResConfig config) {
    this(control, config.authservId().strip());
  }

  AuthRes(Control control, String configured) {
    this.control = control;
    this.configured = configured;
  }

  @Override
  public Verdict filter(MailTransaction transaction, MessageSource message, MessageEdits edits)
      throws FilterException {
    try {
      Header header = message.header();
      if (header.truncated()) {
        // What is further down could not be taken away.
        return new Verdict.Reject(Reply.of(554, "5.6.0", "the header is too long"));
      }
      if (Unended.hides(message)) {
        return new Verdict.Reject(Reply.of(554, "5.6.0", "a line in the header is no field"));
      }
      String id = configured.isEmpty() ? control.lineOrMe("me") : configured;
      remove(header, id, edits);
      if (!OwnMail.of(transaction.session())) {
        List<AuthResult> results = new ArrayList<>();
        for (String method : AuthResult.methods(transaction)) {
          results.addAll(AuthResult.of(transaction, method).orElse(List.of()));
        }
        edits.addHeader(Field.NAME, Field.value(id, results));
      }
      return Verdict.next();
    } catch (IOException e) {
      throw new FilterException("message or control files cannot be read", e);
    }
  }

  /** From the last one on, for each one that goes changes the numbers of those below it. */
  private static void remove(Header header, String id, MessageEdits edits) {
    List<HeaderField> ours =
        header.fields().stream().filter(f -> f.name().equalsIgnoreCase(Field.NAME)).toList();
    for (int i = ours.size() - 1; i >= 0; i--) {
      if (Field.claims(ours.get(i).body(), id)) {
        edits.removeHeader(Field.NAME, i);
      }
    }
  }
}
