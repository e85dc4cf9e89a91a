package org.sluice.chain.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.sluice.api.filter.FilterException;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.filter.MessageEdits;
import org.sluice.api.filter.MessageFilter;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.Reply;

/** All with a change that must not be used. */
enum Misdeed implements MessageFilter {
  CHECKED {
    @Override
    Verdict act(MessageEdits edits) throws FilterException {
      throw new FilterException("checked");
    }
  },
  UNCHECKED {
    @Override
    Verdict act(MessageEdits edits) {
      throw new IllegalStateException("unchecked");
    }
  },
  STACK_OVERFLOW {
    @Override
    Verdict act(MessageEdits edits) throws FilterException {
      return act(edits);
    }
  },
  MISSING_CLASS {
    @Override
    Verdict act(MessageEdits edits) {
      throw new NoClassDefFoundError("org/example/Gone");
    }
  },
  INTERRUPTED_BY_ITSELF {
    @Override
    Verdict act(MessageEdits edits) throws InterruptedException {
      throw new InterruptedException();
    }
  },
  NULL {
    @Override
    Verdict act(MessageEdits edits) {
      return null;
    }
  },
  WRONG_CODE {
    @Override
    Verdict act(MessageEdits edits) {
      return new Verdict.Reject(Reply.of(250, "thanks, and forget it"));
    }
  },
  BLOCKS {
    @Override
    Verdict act(MessageEdits edits) throws InterruptedException {
      new CountDownLatch(1).await();
      return Verdict.next();
    }
  },
  IGNORES_INTERRUPTS {
    @Override
    Verdict act(MessageEdits edits) {
      while (!OVER.get()) {
        Thread.onSpinWait();
      }
      return Verdict.next();
    }
  },
  WRITES_FOR_EVER {
    @Override
    Verdict act(MessageEdits edits) {
      edits.replaceBody(
          out -> {
            while (!OVER.get()) {
              out.write('x');
              LockSupport.parkNanos(1_000_000);
            }
          });
      return Verdict.next();
    }
  },
  WRITER_THROWS {
    @Override
    Verdict act(MessageEdits edits) {
      edits.replaceBody(
          out -> {
            throw new IllegalStateException("writer");
          });
      return Verdict.next();
    }
  },
  REMOVES_WHAT_IS_NOT_THERE {
    @Override
    Verdict act(MessageEdits edits) {
      edits.removeHeader("Not-There", 0);
      return Verdict.next();
    }
  },
  BAD_FIELD {
    @Override
    Verdict act(MessageEdits edits) {
      edits.addHeader("A", "b\nSmuggled: yes");
      return Verdict.next();
    }
  },
  CHANGES_THE_TRANSACTION {
    @Override
    Verdict act(MailTransaction transaction, MessageSource message, MessageEdits edits) {
      transaction.recipients().clear();
      return Verdict.next();
    }
  },
  CHANGES_THE_SESSION {
    @Override
    Verdict act(MailTransaction transaction, MessageSource message, MessageEdits edits) {
      transaction.session().environment().put("RELAYCLIENT", "");
      return Verdict.next();
    }
  },
  CHANGES_THE_HEADER_IT_READS {
    @Override
    Verdict act(MailTransaction transaction, MessageSource message, MessageEdits edits)
        throws FilterException {
      try {
        message.header().fields().clear();
      } catch (IOException e) {
        throw new FilterException("header", e);
      }
      return Verdict.next();
    }
  },
  LEAKS_ALL_STREAMS {
    @Override
    Verdict act(MailTransaction transaction, MessageSource message, MessageEdits edits)
        throws FilterException {
      List<InputStream> open = new ArrayList<>();
      while (true) {
        try {
          open.add(message.open());
        } catch (IOException e) {
          throw new FilterException("after " + open.size(), e);
        }
      }
    }
  };

  /** Ends the calls that ignore their interrupts, after each test. */
  static final AtomicBoolean OVER = new AtomicBoolean();

  Verdict act(MessageEdits edits) throws FilterException, InterruptedException {
    throw new AssertionError("overridden");
  }

  /** Its time limit: only those that hang are to run into it, whenever it comes. */
  String limit(String ifItHangs) {
    return this == BLOCKS || this == IGNORES_INTERRUPTS || this == WRITES_FOR_EVER
        ? ifItHangs
        : "300";
  }

  Verdict act(MailTransaction transaction, MessageSource message, MessageEdits edits)
      throws FilterException, InterruptedException {
    return act(edits);
  }

  @Override
  public Verdict filter(MailTransaction transaction, MessageSource message, MessageEdits edits)
      throws FilterException, InterruptedException {
    edits.addHeader("Must-Not", "appear").changeSender(org.sluice.api.mail.ReversePath.NULL);
    return act(transaction, message, edits);
  }
}
