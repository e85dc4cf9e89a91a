package org.sluice.base.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.program.Descriptors;
import org.sluice.base.FileMessage;

/** Descriptors opened for one run; what was not opened is as in the program that runs it. */
final class OpenedDescriptors implements Descriptors {
  private final Descriptors outer;
  private final Map<Integer, InputStream> inputs;
  private final Map<Integer, OutputStream> outputs;
  private final Optional<MessageSource> message;
  private Optional<InputStream> opened = Optional.empty();

  OpenedDescriptors(
      Descriptors outer,
      Map<Integer, InputStream> inputs,
      Map<Integer, OutputStream> outputs,
      Optional<MessageSource> message) {
    this.outer = outer;
    this.inputs = new HashMap<>(inputs);
    this.outputs = new HashMap<>(outputs);
    this.message = message;
  }

  /** The file to begin descriptor 0 with, if the message is one. */
  Optional<Path> file() {
    return message.filter(FileMessage.class::isInstance).map(m -> ((FileMessage) m).path());
  }

  @Override
  public Optional<InputStream> input(int descriptor) throws IOException {
    if (descriptor == 0 && message.isPresent()) {
      if (opened.isEmpty()) {
        opened = Optional.of(message.get().open());
      }
      return opened;
    }
    InputStream stream = inputs.get(descriptor);
    if (stream == null && outputs.containsKey(descriptor)) {
      return Optional.empty();
    }
    return stream == null ? outer.input(descriptor) : Optional.of(stream);
  }

  @Override
  public Optional<OutputStream> output(int descriptor) throws IOException {
    OutputStream stream = outputs.get(descriptor);
    if (stream == null && inputs.containsKey(descriptor)) {
      return Optional.empty();
    }
    return stream == null ? outer.output(descriptor) : Optional.of(stream);
  }

  @Override
  public void rewind() throws IOException {
    if (message.isPresent()) {
      close();
    } else if (inputs.containsKey(0)) {
      throw new IOException("Illegal seek");
    } else {
      outer.rewind();
    }
  }

  /** What was opened may write to the reader behind those of the outer program. */
  @Override
  public Optional<Duration> linger() {
    return outer.linger();
  }

  /** Closes the message, if it was opened; other streams belong to whoever opened them. */
  void close() throws IOException {
    if (opened.isPresent()) {
      opened.get().close();
      opened = Optional.empty();
    }
  }
}
