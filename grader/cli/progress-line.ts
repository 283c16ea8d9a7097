import ora from 'ora';

/** Says what is being done: one line that changes on a terminal, plain lines elsewhere. */
export function progressLine(
  stream: NodeJS.WriteStream,
  plain: boolean,
): { step: (text: string) => void; stop: () => void } {
  let last = '';
  // A terminal that does not know its width says 0; the spinner would count endless lines to clear.
  if (plain || !stream.isTTY || !stream.columns) {
    return {
      step: (text) => {
        if (text !== last) stream.write(`... ${text}\n`);
        last = text;
      },
      stop: () => {},
    };
  }
  const spinner = ora({ stream, discardStdin: false });
  return {
    step: (text) => {
      spinner.text = text;
      if (!spinner.isSpinning) spinner.start();
    },
    stop: () => spinner.stop(),
  };
}
