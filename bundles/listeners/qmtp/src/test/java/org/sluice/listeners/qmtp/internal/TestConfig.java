package org.sluice.listeners.qmtp.internal;

import java.lang.annotation.Annotation;

/** The configuration as the framework would give it. */
final class TestConfig {
  private TestConfig() {}

  static QmtpConfig of(int maxRecipients) {
    return new QmtpConfig() {
      @Override
      public int maxRecipients() {
        return maxRecipients;
      }

      @Override
      public Class<? extends Annotation> annotationType() {
        return QmtpConfig.class;
      }
    };
  }
}
