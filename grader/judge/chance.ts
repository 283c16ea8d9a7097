/** What chance alone may do to a share: exact, from the binomial distribution. */

/** Right samplers are refused by chance once in so many runs, for each share that is judged. */
export const REFUSED_BY_CHANCE = 1e-5;

/**
 * How many of `count` a sampler of this ratio keeps: fewer than `least` or more than `most` come with a probability
 * of at most `risk`, half of it on each side. Where the ratio is 0 or 1 there is no chance.
 */
export function keptBounds(
  count: number,
  ratio: number,
  risk = REFUSED_BY_CHANCE,
): { least: number; most: number } {
  const probabilities = binomial(count, ratio);
  let least = 0;
  for (let below = probabilities[0] ?? 0; below <= risk / 2 && least < count; ) {
    least++;
    below += probabilities[least] ?? 0;
  }
  let most = count;
  for (let above = probabilities[count] ?? 0; above <= risk / 2 && most > 0; ) {
    most--;
    above += probabilities[most] ?? 0;
  }
  return { least, most };
}

/** The probability of each number of successes from 0 to `count`. */
export function binomial(count: number, ratio: number): number[] {
  if (ratio <= 0 || ratio >= 1)
    return Array.from({ length: count + 1 }, (_, kept) => Number(kept === (ratio <= 0 ? 0 : count)));
  let logChoose = 0; // of C(count, kept): the numbers themselves are beyond what a float holds
  return Array.from({ length: count + 1 }, (_, kept) => {
    if (kept > 0) logChoose += Math.log(count - kept + 1) - Math.log(kept);
    return Math.exp(logChoose + kept * Math.log(ratio) + (count - kept) * Math.log(1 - ratio));
  });
}
