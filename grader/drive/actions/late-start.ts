import { until } from '@workshop/base';
import type { System } from '../../world/index.ts';

/** How long a system that is not traced yet is watched for tracing that starts late. */
export const LATE_START_MS = 2_500;

/**
 * Waits until the API has a tracer provider. False when none came; at once when no SDK was loaded, since then nothing is
 * about to start one.
 */
export async function apiTraced({ capture }: System): Promise<boolean> {
  let waiting = true;
  const traced = async (): Promise<boolean> => {
    const apis = capture.processes().filter(({ process }) => process === 'api');
    const states = await Promise.all(apis.map((api) => api.state().catch(() => null)));
    waiting = states.some((state) =>
      state?.sdkPackagesLoaded.some((name) => /sdk-(?:node|trace)/.test(name)),
    );
    return states.some((state) => (state?.attached.length ?? 0) > 0);
  };
  return until(traced, { maxMs: LATE_START_MS, giveUp: () => !waiting });
}
