import { keptBounds, REFUSED_BY_CHANCE } from '../../chance.ts';
import type { Finding } from '../../finding.ts';
import { counted } from '../../sentences.ts';

export interface Share {
  /** `the API` */
  who: string;
  kept: number;
  of: number;
  /** null: it was told none, and keeps all */
  ratio: number | null;
  /** where the ratio stands: `OTEL_TRACES_SAMPLER_ARG` */
  setting: string;
  /** which requests these were: `that came without a trace` */
  which: string;
  /** what they are, where they are no requests */
  thing?: string;
}

/** The share of traces that was kept is not what the configuration says; null when chance alone may have made it so. */
export function diagnoseShare({
  who,
  kept,
  of,
  ratio,
  setting,
  which,
  thing = 'request',
}: Share): Finding | null {
  const share = ratio ?? 1;
  const { least, most } = keptBounds(of, share);
  if (kept >= least && kept <= most) return null;
  const wanted =
    least === most
      ? `${least === 0 ? 'none of them' : `all ${least}`}.`
      : `about ${Math.round(share * of)} of them, at least ${least} and at most ${most}. Chance alone goes beyond that once in ${Math.round(1 / REFUSED_BY_CHANCE).toLocaleString('en')} runs.`;
  return {
    reason: 'ratio-ignored',
    saw: `${setting} was ${ratio ?? 'not set'}, and ${who} kept the traces of ${kept} of ${counted(of, thing)} ${which}.`,
    wanted,
    look: `the sampler of ${who}: from where does it take the share to keep?`,
    seen: [{ kind: 'share', text: `${kept} of ${of}, ratio ${ratio ?? 'not set'}` }],
  };
}
