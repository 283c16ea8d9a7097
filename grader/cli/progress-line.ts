import ora from 'ora';

/** Says what is being done: one line that changes on a terminal, plain lines elsewhere. */
export function progressLine(
  stream: NodeJS.WriteStream,
  plain: boolean,
): { step: (text: string) => void; stop: () => void } {
  let last = '';
  if (plain || !stream.isTTY) {
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
