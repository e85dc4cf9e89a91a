package org.sluice.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.Execution;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.queue.MailQueue;
import org.sluice.base.program.ProgramSource;
import org.sluice.base.program.Run;

/** The operating system's programs, run with what a test's program is given. */
public record SystemPrograms(ProgramContext context)
    implements Function<List<String>, Execution>, Descriptors, ProgramSource {

  @Override
  public Execution apply(List<String> argv) {
    Map<String, String> environment = new HashMap<>(context.environment());
    environment.putIfAbsent("PATH", "/usr/bin:/bin");
    return new Run(this, argv, environment, context.directory(), this, context.deadline());
  }

  @Override
  public Optional<InputStream> input(int descriptor) {
    return context.input(descriptor);
  }

  @Override
  public Optional<OutputStream> output(int descriptor) {
    return context.output(descriptor);
  }

  @Override
  public void rewind() throws IOException {
    context.rewind();
  }

  @Override
  public OptionalInt run(String name, ProgramContext program) {
    return OptionalInt.empty();
  }

  @Override
  public MailQueue queue(ProgramContext program) {
    return program.queue();
  }
}
