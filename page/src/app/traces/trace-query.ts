import type { TraceSearch } from '../lab/lab-api';
import { milliseconds, type SearchTerm, searchTerms } from '../text/search-terms';

/**
 * The lab's question for a search text: what it has a parameter for becomes one, all other words go along as they are
 * (texts, `key=value`, `-key`, the beginning of a trace id).
 */
export function traceQuery(text: string): TraceSearch {
  const search: TraceSearch = {};
  const words: string[] = [];
  for (const term of searchTerms(text)) if (!takes(search, term)) words.push(term.word);
  return words.length > 0 ? { ...search, q: words.join(' ') } : search;
}

function takes(search: TraceSearch, { key, operator, value, not }: SearchTerm): boolean {
  if (operator === '' && value === 'error') {
    search.error = not ? 'false' : 'true';
    return true;
  }
  if (key === 'service' && operator === '=' && !not && search.service === undefined) {
    search.service = value;
    return true;
  }
  const ms = milliseconds(value);
  if (key !== 'duration' || not || Number.isNaN(ms)) return false;
  if (operator === '>' || operator === '>=') search.minDuration = ms;
  else if (operator === '<' || operator === '<=') search.maxDuration = ms;
  else return false;
  return true;
}
