package org.sluice.api.filter;

import java.io.IOException;
import java.io.OutputStream;
import org.osgi.annotation.versioning.ProviderType;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.ReversePath;

/** Collects a filter's changes. Used by the filter's thread during its call only. */
@ProviderType
public interface MessageEdits {
  /** Adds a field on top. The value must not contain CR or a LF that is not followed by a blank. */
  MessageEdits addHeader(String name, String value);

  /** Replaces the index-th field of this name, counted from 0. */
  MessageEdits replaceHeader(String name, int index, String value);

  /** Removes the index-th field of this name, counted from 0. */
  MessageEdits removeHeader(String name, int index);

  /** Replaces all that follows the header. The writer is called when the edits are applied. */
  MessageEdits replaceBody(BodyWriter writer);

  /** Replaces the reverse-path. */
  MessageEdits changeSender(ReversePath sender);

  /** Adds a recipient. */
  MessageEdits addRecipient(Recipient recipient);

  /** Removes a recipient, all its occurrences. */
  MessageEdits removeRecipient(Recipient recipient);

  /** Writes a body. */
  @FunctionalInterface
  interface BodyWriter {
    /** Writes the whole body, lines ended by LF; the host closes the stream. */
    void write(OutputStream out) throws IOException;
  }
}
