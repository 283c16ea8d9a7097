import type { Form } from './form.ts';

export const OUTCOMES = [
  'answered',
  'refused as it should be',
  'reads metrics only',
  'wrongly accepted',
  'wrongly refused',
  'refused for another reason',
  'unsupported',
  'crashed',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What must be the outcome of every form. */
export const RIGHT_OUTCOMES: readonly Outcome[] = OUTCOMES.slice(0, 3);

interface Problem {
  field: string;
  code: string;
  description: string;
}

/**
 * Sends a form to a lab and says what became of it.
 * @param apiUrl of a lab that runs
 * @returns the outcome, and what the lab said when it did not answer
 */
export async function outcomeOf(apiUrl: string, form: Form): Promise<{ outcome: Outcome; said: string }> {
  let response: Response;
  try {
    response = await fetch(`${apiUrl}/api/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(form.query),
    });
    const answer = (await response.json()) as { type_detail?: Problem[]; detail?: string };
    if (response.ok)
      return { outcome: form.expected === 'answered' ? 'answered' : 'wrongly accepted', said: '' };
    const problems = answer.type_detail ?? [];
    const said =
      problems.map(({ field, description }) => `${field}: ${description}`).join('\n') || `${answer.detail}`;
    if (response.status >= 500 || problems.length === 0) return { outcome: 'crashed', said };
    return { outcome: outcomeOfRefusal(form, problems), said };
  } catch (error) {
    return { outcome: 'crashed', said: String(error) };
  }
}

function outcomeOfRefusal({ expected }: Form, problems: readonly Problem[]): Outcome {
  if (expected === 'metrics')
    return problems.every(({ code }) => code === 'unsupported')
      ? 'reads metrics only'
      : 'refused for another reason';
  if (problems.some(({ code }) => code === 'unsupported')) return 'unsupported';
  if (expected === 'answered') return 'wrongly refused';
  // One problem, at its place: a second line would mislead.
  const [problem, ...others] = problems;
  return others.length === 0 && problem?.field === expected.refusedAt
    ? 'refused as it should be'
    : 'refused for another reason';
}
