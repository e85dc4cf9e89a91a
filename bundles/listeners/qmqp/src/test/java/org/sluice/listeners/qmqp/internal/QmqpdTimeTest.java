package org.sluice.listeners.qmqp.internal;

import org.sluice.api.program.Program;
import org.sluice.base.ListenerServices;
import org.sluice.testkit.NetstringProgramTimes;

class QmqpdTimeTest extends NetstringProgramTimes {
  @Override
  protected Program program(ListenerServices services) {
    return new QmqpdProgram(services, TestConfig.of(100));
  }
}
