import type { QueryOutcome } from '../../../evidence/index.ts';
import type { WantedQuery } from '../../../hidden-data/index.ts';
import type { Finding } from '../../finding.ts';

/** Why the query could not be run at all; null when it was. */
export function diagnoseFile(
  outcome: QueryOutcome,
  wanted: WantedQuery,
  files: readonly string[],
): Finding | null {
  if (outcome.state === 'ran') return null;
  const look = 'exercises/05-saved-queries/README.md, "Your task".';
  const right = `queries/${wanted.file}, a saved query: {"name": "${wanted.name}", "description": ..., "query": {...}}.`;
  if (outcome.state === 'missing') {
    const others =
      files.length > 0 ? ` queries/ holds ${files.join(', ')}.` : ' The folder queries/ is empty.';
    return {
      reason: 'query-missing',
      saw: `there is no queries/${wanted.file}, and no query named "${wanted.name}".${others}`,
      wanted: right,
      look,
      seen: [{ kind: 'files', text: files.join(', ') }],
    };
  }
  if (outcome.state === 'broken') {
    return {
      reason: 'query-invalid',
      saw: `queries/${outcome.file} cannot be read: ${outcome.message}.`,
      wanted: right,
      look: `that place in queries/${outcome.file}, and the line before it.`,
      seen: [{ kind: 'field', text: '(the file)' }],
    };
  }
  const [first, ...more] = outcome.problems;
  const rest = more.length > 0 ? ` ${more.length} more: ${more.map(({ field }) => field).join(', ')}.` : '';
  return {
    reason: 'query-invalid',
    saw: `queries/${outcome.file}, field ${first?.field}: ${sentence(first?.description)}${rest}`,
    wanted: 'a query that the lab and Honeycomb accept.',
    look: `npm run query -- queries/${outcome.file} says the same, whenever you change it.`,
    seen: outcome.problems.map(({ field }) => ({ kind: 'field', text: field })),
  };
}

/** `did you mean =?` ends by itself. */
function sentence(text = ''): string {
  return text.endsWith('?') ? text : `${text}.`;
}
