package org.sluice.chain.internal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.mail.Header;
import org.sluice.api.mail.MessageSource;

/**
 * A message as a filter sees it: what the filter forgets to close is closed after the call, and
 * what it keeps fails from then on.
 */
final class GuardedMessage implements MessageSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedMessage.class);

  /** Streams open at once: more are a leak that would take all the process has. */
  private static final int MOST = 64;

  private final MessageSource message;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Stream> opened = new HashSet<>();
  private volatile boolean over;
  private volatile IOException trouble;

  GuardedMessage(MessageSource message) {
    this.message = message;
  }

  @Override
  public long size() {
    if (over) {
      throw new IllegalStateException("the filter's call is over");
    }
    try {
      return message.size();
    } catch (UncheckedIOException e) {
      throw new UncheckedIOException(noted(e.getCause()));
    }
  }

  @Override
  public InputStream open() throws IOException {
    lock.lock();
    try {
      check();
      if (opened.size() >= MOST) {
        throw new IllegalStateException(MOST + " streams of one message are open already");
      }
      var stream = new Stream(message.open());
      opened.add(stream);
      return stream;
    } catch (IOException e) {
      throw noted(e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Header header() throws IOException {
    check();
    try {
      return message.header();
    } catch (IOException e) {
      throw noted(e);
    }
  }

  private void check() throws IOException {
    if (over) {
      throw new IOException("the filter's call is over");
    }
  }

  private IOException noted(IOException e) {
    if (!over) {
      trouble = e;
    }
    return e;
  }

  /** Why the message could not be read during the call, if it could not. */
  Optional<IOException> trouble() {
    return Optional.ofNullable(trouble);
  }

  private void forget(Stream stream) {
    lock.lock();
    try {
      opened.remove(stream);
    } finally {
      lock.unlock();
    }
  }

  /** Ends the call; called by whoever finds first that it is over. */
  @Override
  public void close() {
    List<Stream> leaked;
    lock.lock();
    try {
      over = true;
      leaked = List.copyOf(opened);
      opened.clear();
    } finally {
      lock.unlock();
    }
    for (Stream stream : leaked) {
      try {
        stream.close();
      } catch (IOException e) {
        LOG.debug("a stream that a filter left open", e);
      }
    }
  }

  private final class Stream extends FilterInputStream {
    Stream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      check();
      try {
        return super.read();
      } catch (IOException e) {
        throw noted(e);
      }
    }

    @Override
    public int read(byte[] octets, int offset, int length) throws IOException {
      check();
      try {
        return super.read(octets, offset, length);
      } catch (IOException e) {
        throw noted(e);
      }
    }

    @Override
    public long skip(long count) throws IOException {
      check();
      try {
        return super.skip(count);
      } catch (IOException e) {
        throw noted(e);
      }
    }

    @Override
    public void close() throws IOException {
      forget(this);
      super.close();
    }
  }
}
