package org.sluice.api.filter;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentMap;
import org.osgi.annotation.versioning.ProviderType;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.ReversePath;

/** One mail transaction, MAIL to the end of data (RFC 5321 section 3.3). */
@ProviderType
public interface MailTransaction {
  /** The attribute that {@link #declaredSize} is: a Long, put by who takes the parameter SIZE. */
  String DECLARED_SIZE = "declared-size";

  /** The connection. */
  Session session();

  /** The reverse-path of MAIL. */
  ReversePath sender();

  /** The recipients accepted so far. */
  List<Recipient> recipients();

  /** What filters keep for later stages of this transaction; key by the filter's own name. */
  ConcurrentMap<String, Object> attributes();

  /**
   * How many octets the message is going to have, says the client (RFC 1870 section 5), line ends
   * counted as CR LF: a hint, for example for a filter of recipients that knows how much room a
   * mailbox has. Known from {@link SenderFilter}s on; empty if the client has not said. What is
   * more than a long holds is {@link Long#MAX_VALUE}.
   */
  default OptionalLong declaredSize() {
    return attributes().get(DECLARED_SIZE) instanceof Long size
        ? OptionalLong.of(size)
        : OptionalLong.empty();
  }
}
