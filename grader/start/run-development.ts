import { WorkshopError } from '@workshop/base';
import { currentExercise, loadManifest, readProgress } from '../workshop/index.ts';
import { addressBlock, learnAddress } from './address-block.ts';
import { type DevelopmentOptions, DevelopmentSystem } from './development.ts';
import { openInBrowser } from './open-browser.ts';

/** npm passes a signal on that the terminal has sent to us already: within this time the two are one Ctrl-C. */
const SAME_SIGNAL_MS = 400;
const PARENT_LOOK_MS = 1_000;

/**
 * Runs Murmur until Ctrl-C, SIGTERM or the end of the terminal. A second Ctrl-C does not wait.
 * @returns exit code: 0 stopped as asked, 1 stopped by force, 2 something was in the way and nothing was started
 */
export async function runDevelopment(options: DevelopmentOptions): Promise<number> {
  const system = new DevelopmentSystem(options);
  const stopped = new Promise<number>((resolve) => {
    let askedAt: number | null = null;
    const ask = () => {
      const now = performance.now();
      if (askedAt === null) {
        askedAt = now;
        options.write('\nStopping. Press Ctrl-C again to stop at once.\n');
        system.stop().then(
          () => resolve(0),
          () => resolve(1),
        );
      } else if (now - askedAt > SAME_SIGNAL_MS) {
        system.kill().finally(() => resolve(1));
      }
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
    // npm that was killed cannot tell us.
    if (process.env.npm_lifecycle_event && process.platform !== 'win32') {
      const parent = process.ppid;
      setInterval(() => process.ppid !== parent && askedAt === null && ask(), PARENT_LOOK_MS).unref();
    }
  });
  try {
    const running = await Promise.race([system.start(), stopped]);
    if (typeof running === 'number') return running;
    const exercise = await currentNumber();
    options.write(addressBlock(running, options, exercise));
    const address =
      options.lab && running.state.lab === null ? learnAddress(running.addresses, exercise) : null;
    if (options.open && !(await openInBrowser(address ?? running.addresses.page, options.shell)))
      options.write('No browser could be opened. Open the address above yourself.\n');
  } catch (error) {
    if (!(error instanceof WorkshopError)) throw error;
    options.write(`${error.text}\n`);
    return 2;
  }
  const code = await stopped;
  options.write(code === 0 ? 'Stopped. Nothing of Murmur runs any more.\n' : 'Stopped by force.\n');
  return code;
}

/** Number of the exercise to be worked on; null when all are done, or the exercises cannot be read. */
async function currentNumber(): Promise<string | null> {
  const exercises = await loadManifest().catch(() => []);
  return currentExercise(exercises, await readProgress())?.number ?? null;
}
