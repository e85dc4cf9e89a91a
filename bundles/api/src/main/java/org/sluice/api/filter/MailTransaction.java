package org.sluice.api.filter;

import java.util.List;
import java.util.concurrent.ConcurrentMap;
import org.osgi.annotation.versioning.ProviderType;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.ReversePath;

/** One mail transaction, MAIL to the end of data (RFC 5321 section 3.3). */
@ProviderType
public interface MailTransaction {
  /** The connection. */
  Session session();

  /** The reverse-path of MAIL. */
  ReversePath sender();

  /** The recipients accepted so far. */
  List<Recipient> recipients();

  /** What filters keep for later stages of this transaction; key by the filter's own name. */
  ConcurrentMap<String, Object> attributes();
}
