/**
 * Runs a job for every request, one at a time. Requests that come while it runs are one further run: what was saved
 * meanwhile is all seen by that one.
 * @returns ask: starts the job, or notes that it must run again
 */
export function oneAtATime(job: () => Promise<void>): { ask: () => void; idle: () => Promise<void> } {
  let running: Promise<void> | null = null;
  let again = false;
  const runAll = async (): Promise<void> => {
    do {
      again = false;
      await job();
    } while (again);
    running = null;
  };
  return {
    ask() {
      if (running) again = true;
      else running = runAll();
    },
    idle: () => running ?? Promise.resolve(),
  };
}
