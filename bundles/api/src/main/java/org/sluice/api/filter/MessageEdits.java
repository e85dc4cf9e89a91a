package org.sluice.api.filter;

import java.io.IOException;
import java.io.OutputStream;
import org.osgi.annotation.versioning.ProviderType;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.ReversePath;

/**
 * Collects a filter's changes, which are applied one after the other when the call has returned and
 * the message lives, still on the filter's thread and time. Every field that is not named stays as
 * it is, byte by byte. To be used during the call only: after it every method throws an {@link
 * IllegalStateException}. Names, values and addresses are bytes as ISO-8859-1.
 */
@ProviderType
public interface MessageEdits {
  /**
   * Adds a field on top.
   *
   * @throws IllegalArgumentException if the name is none (RFC 5322 section 2.2), or the value has a
   *     CR, a NUL, or a LF that is not followed by a blank
   */
  MessageEdits addHeader(String name, String value);

  /**
   * Replaces the index-th field of this name, counted from 0. If there is none when the change is
   * applied, the filter has failed.
   */
  MessageEdits replaceHeader(String name, int index, String value);

  /** Removes the index-th field of this name, counted from 0; otherwise as for a replacement. */
  MessageEdits removeHeader(String name, int index);

  /**
   * Replaces all that follows the header and the empty line after it. The writer is called when the
   * edits are applied; its throw is the filter's.
   */
  MessageEdits replaceBody(BodyWriter writer);

  /** Replaces the reverse-path. */
  MessageEdits changeSender(ReversePath sender);

  /** Adds a recipient. */
  MessageEdits addRecipient(Recipient recipient);

  /** Removes a recipient, all occurrences of its address, whatever is asked for them. */
  MessageEdits removeRecipient(Recipient recipient);

  /** Writes a body. */
  @FunctionalInterface
  interface BodyWriter {
    /** Writes the whole body, lines ended by LF; the host closes the stream. */
    void write(OutputStream out) throws IOException;
  }
}
