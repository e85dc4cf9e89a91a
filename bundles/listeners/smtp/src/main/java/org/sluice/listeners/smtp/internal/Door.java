package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;

/** Where a session's octets come from: a socket, or the descriptors of a program. */
interface Door {
  String id();

  InputStream in();

  OutputStream out();

  Map<String, String> environment();

  void timeout(Duration limit) throws IOException;

  void idle(boolean idle);

  boolean draining();
}
