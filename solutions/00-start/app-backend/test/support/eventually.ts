import { setTimeout as pause } from 'node:timers/promises';

/** Asks again until the answer satisfies, at most for `limitMs`; gives the last answer either way. */
export async function eventually<Answer>(
  ask: () => Promise<Answer>,
  satisfies: (answer: Answer) => boolean,
  limitMs = 10_000,
): Promise<Answer> {
  const giveUpAt = Date.now() + limitMs;
  let answer = await ask();
  while (!satisfies(answer) && Date.now() < giveUpAt) {
    await pause(20);
    answer = await ask();
  }
  return answer;
}
