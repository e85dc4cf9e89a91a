package org.sluice.testkit;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import org.sluice.api.net.TlsServer;

/** Keys that may be missing, for dialogues whose TLS is one of strings. */
public final class SwitchedKeys implements TlsServer {
  /** Whether there are some. */
  public volatile boolean ready = true;

  @Override
  public boolean ready() {
    return ready;
  }

  @Override
  public SSLSocket wrap(Socket socket) throws IOException {
    throw new IOException("no socket here");
  }
}
