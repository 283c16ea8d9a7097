/** Says what is being done. */
export interface ProgressLine {
  /** true: one line changes in place, so that it may change often */
  live: boolean;
  step: (text: string) => void;
  stop: () => void;
}

/** One line that changes on a terminal, plain lines elsewhere. */
export async function progressLine(stream: NodeJS.WriteStream, plain: boolean): Promise<ProgressLine> {
  let last = '';
  // A terminal that does not know its width says 0; the spinner would count endless lines to clear.
  if (plain || !stream.isTTY || !stream.columns) {
    return {
      live: false,
      step: (text) => {
        if (text !== last) stream.write(`... ${text}\n`);
        last = text;
      },
      stop: () => {},
    };
  }
  const { default: ora } = await import('ora');
  const spinner = ora({ stream, discardStdin: false });
  return {
    live: true,
    step: (text) => {
      spinner.text = text;
      if (!spinner.isSpinning) spinner.start();
    },
    stop: () => spinner.stop(),
  };
}
