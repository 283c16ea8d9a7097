import type {
  Completion,
  CompletionContext,
  CompletionResult,
  CompletionSource,
} from '@codemirror/autocomplete';
import { syntaxTree } from '@codemirror/language';
import { shownLine } from '../../text/shown';
import { CALCULATIONS, FILTER_OPS, HAVING_OPS } from '../spec';
import { pathTo } from './paths';

/** Names of what may stand in an object, by the path to it. */
const NAMES: Record<string, readonly string[]> = {
  '': [
    ...['calculations', 'breakdowns', 'filters', 'filter_combination', 'orders', 'havings', 'limit'],
    ...['time_range', 'start_time', 'end_time', 'granularity', 'compare_time_offset_seconds'],
    ...['calculated_fields', 'formulas', 'usage_mode'],
  ],
  calculations: ['op', 'column', 'name', 'filters', 'filter_combination'],
  filters: ['column', 'op', 'value'],
  orders: ['op', 'column', 'order'],
  havings: ['calculate_op', 'column', 'op', 'value'],
  calculated_fields: ['name', 'expression'],
  formulas: ['name', 'expression'],
};

/** Words that may be a value, by the list that it is in and its name. */
const WORDS: Record<string, readonly string[]> = {
  'calculations op': CALCULATIONS,
  'orders op': CALCULATIONS,
  'havings calculate_op': CALCULATIONS,
  'filters op': FILTER_OPS,
  'havings op': HAVING_OPS,
  'orders order': ['ascending', 'descending'],
  ' filter_combination': ['AND', 'OR'],
  'calculations filter_combination': ['AND', 'OR'],
};

/** Completes names of a query's parts, its operations, and the columns that there are. */
export function completions(columns: () => readonly { key_name: string; type: string }[]): CompletionSource {
  return (context: CompletionContext): CompletionResult | null => {
    const { state, pos, explicit } = context;
    const text = state.doc.toString();
    const node = syntaxTree(state).resolveInner(pos, -1);
    const quoted = node.name === 'String' || node.name === 'PropertyName';
    if (!quoted && !explicit) return null;
    const path = pathTo(node, text);
    const isName = node.name === 'PropertyName' || (!quoted && node.name === 'Object');
    const words = isName ? namesIn(path, quoted) : valuesOf(path, columns());
    if (words.length === 0) return null;
    return {
      from: quoted ? node.from : pos,
      to: quoted ? node.to : pos,
      options: words.map(
        ({ word, about }): Completion => ({
          label: JSON.stringify(word),
          displayLabel: shownLine(word, 80),
          ...(about && { detail: about }),
        }),
      ),
    };
  };
}

interface Word {
  word: string;
  about?: string;
}

function namesIn(path: readonly string[], inName: boolean): Word[] {
  // A name that is being written is on its own path.
  const around = inName ? path.slice(0, -1) : path;
  const list = around.findLast((step) => step !== '[]') ?? '';
  return (NAMES[list] ?? []).map((word) => ({ word }));
}

function valuesOf(path: readonly string[], columns: readonly { key_name: string; type: string }[]): Word[] {
  const name = path.at(-1) === '[]' ? '' : (path.at(-1) ?? '');
  const list = path.slice(0, name === '' ? path.length : -1).findLast((step) => step !== '[]') ?? '';
  if (name === 'column' || (list === 'breakdowns' && name === ''))
    return columns.map(({ key_name, type }) => ({ word: key_name, about: type }));
  return (WORDS[`${list} ${name}`] ?? []).map((word) => ({ word }));
}
