package org.sluice.listeners.qmtp.internal;

import org.sluice.api.program.Program;
import org.sluice.base.ListenerServices;
import org.sluice.testkit.NetstringProgramTimes;

class QmtpdTimeTest extends NetstringProgramTimes {
  @Override
  protected Program program(ListenerServices services) {
    return new QmtpdProgram(services, TestConfig.of(10));
  }
}
