package org.sluice.itest.filter;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.sluice.api.filter.FilterException;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.filter.MessageEdits;
import org.sluice.api.filter.MessageFilter;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.MessageSource;
import org.sluice.itest.NotInTheBundle;

/**
 * A filter that behaves or misbehaves; it always tries to stamp the message with its version, and
 * with the name in the client's certificate.
 */
public final class TestFilter implements MessageFilter {
  /** What it does. */
  public enum Behaviour {
    STAMPS,
    THROWS_CHECKED,
    THROWS_UNCHECKED,
    OVERFLOWS_THE_STACK,
    MISSES_A_CLASS,
    GIVES_NULL,
    BLOCKS,
    IGNORES_INTERRUPTS,
    SLEEPS_TOO_LONG,
    BREAKS_THE_HEADER,
    LEAKS_STREAMS,
    GOES_ON_AFTER_THE_CALL
  }

  /** Ends what ignores its interrupt; of this bundle's class, so each bundle has its own. */
  static final AtomicBoolean OVER = new AtomicBoolean();

  private final Behaviour behaviour;
  private final String version;

  TestFilter(Behaviour behaviour, String version) {
    this.behaviour = behaviour;
    this.version = version;
  }

  @Override
  public Verdict filter(MailTransaction transaction, MessageSource message, MessageEdits edits)
      throws FilterException, InterruptedException {
    edits.addHeader("Stamp", version);
    String client = transaction.session().environment().get("SSL_CLIENT_S_DN");
    if (client != null) {
      edits.addHeader("Client", client);
    }
    switch (behaviour) {
      case STAMPS -> {
        return Verdict.next();
      }
      case THROWS_CHECKED -> throw new FilterException("checked");
      case THROWS_UNCHECKED -> throw new IllegalStateException("unchecked");
      case OVERFLOWS_THE_STACK -> filter(transaction, message, edits);
      case MISSES_A_CLASS -> NotInTheBundle.call();
      case GIVES_NULL -> {
        return null;
      }
      case BLOCKS -> new CountDownLatch(1).await();
      case IGNORES_INTERRUPTS -> {
        while (!OVER.get()) {
          Thread.onSpinWait();
        }
      }
      case SLEEPS_TOO_LONG -> Thread.sleep(60_000);
      case BREAKS_THE_HEADER -> edits.removeHeader("Not-There", 0);
      case LEAKS_STREAMS -> open(message);
      case GOES_ON_AFTER_THE_CALL -> later(message, edits);
      default -> throw new AssertionError(behaviour);
    }
    return Verdict.next();
  }

  private static void open(MessageSource message) throws FilterException {
    try {
      for (int i = 0; i < 50; i++) {
        message.open().read();
      }
    } catch (IOException e) {
      throw new FilterException("open", e);
    }
  }

  /** On a thread of its own: waits until the call is over, and then tries to use both. */
  private static void later(MessageSource message, MessageEdits edits) {
    var thread =
        new Thread(
            () -> {
              boolean over = false; // what it changes until then is the filter's own change
              while (!OVER.get()) {
                try {
                  if (over) {
                    edits.addHeader("Late", "yes");
                  }
                  message.open().close();
                } catch (IOException | RuntimeException e) {
                  over = true; // and go on: there must be no gap
                }
              }
            },
            "late");
    thread.setDaemon(true);
    thread.start();
  }
}
