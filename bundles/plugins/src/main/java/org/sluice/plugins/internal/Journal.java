package org.sluice.plugins.internal;

/** Where it is told what becomes of plugins, each thing once. */
interface Journal {
  /** What was done. */
  void info(String text);

  /** What the operator has to see to. */
  void warn(String text);

  /** What the operator has to see to at once: mail is taken without it. */
  void error(String text);
}
