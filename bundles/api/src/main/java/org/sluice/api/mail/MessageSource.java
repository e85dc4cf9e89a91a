package org.sluice.api.mail;

import java.io.IOException;
import java.io.InputStream;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The bytes of one message, lines ended by LF. May be opened many times, from several threads, and
 * never requires the message to fit in memory.
 */
@ProviderType
public interface MessageSource {
  /** Octets in all. */
  long size();

  /** A stream from the first octet. The caller closes it. */
  InputStream open() throws IOException;

  /** The header section, read when first asked for and bounded in size (RFC 5322 section 2.2). */
  Header header() throws IOException;
}
