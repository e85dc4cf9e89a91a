package org.sluice.listeners.qmqp.internal;

import java.lang.annotation.Annotation;

/** The configuration as the framework would give it. */
final class TestConfig {
  private TestConfig() {}

  static QmqpConfig of(int maxRecipients) {
    return new QmqpConfig() {
      @Override
      public int maxRecipients() {
        return maxRecipients;
      }

      @Override
      public Class<? extends Annotation> annotationType() {
        return QmqpConfig.class;
      }
    };
  }
}
