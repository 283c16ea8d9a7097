import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
  syntaxTree,
} from '@codemirror/language';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { EditorState, Transaction } from '@codemirror/state';
import { EditorView, highlightSpecialChars, keymap } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { shownLine } from '../../text/shown';
import type { ClauseProblem } from '../builder/clause-problem';
import { completions } from './completions';
import { nodeAt } from './paths';

export interface Editor {
  /** replaces all of it, without saying so */
  write(text: string): void;
  /** underlines the clauses that have problems */
  mark(problems: readonly ClauseProblem[]): void;
  close(): void;
}

export interface EditorOptions {
  text: string;
  /** of the page's content security policy: the editor's styles bear it */
  nonce: string;
  columns: () => readonly { key_name: string; type: string }[];
  written: (text: string) => void;
}

const COLOURS = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--accent)' },
  { tag: tags.string, color: 'var(--ink)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--warning)' },
  { tag: tags.punctuation, color: 'var(--ink-soft)' },
]);

const LOOKS = EditorView.theme({
  '&': { blockSize: '100%', backgroundColor: 'var(--surface)', color: 'var(--ink)', fontSize: '13px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-tooltip': {
    border: '1px solid var(--line-strong)',
    backgroundColor: 'var(--raised)',
    color: 'var(--ink)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--accent-wash)',
    color: 'var(--ink)',
  },
  '.cm-completionDetail': { color: 'var(--ink-soft)' },
  '.cm-diagnostic': { borderLeft: '3px solid var(--danger)' },
  '.cm-lintRange-error': { textDecoration: 'underline wavy var(--danger)', backgroundImage: 'none' },
  '.cm-lintRange-warning': { textDecoration: 'underline wavy var(--warning)', backgroundImage: 'none' },
  '.cm-specialChar': { color: 'var(--danger)' },
});

/** CodeMirror with JSON, completion of what a query may hold, and the lab's problems at their places. */
export function openEditor(parent: HTMLElement, { text, nonce, columns, written }: EditorOptions): Editor {
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        EditorView.cspNonce.of(nonce),
        EditorView.contentAttributes.of({ 'aria-label': 'Query as JSON', tabindex: '0' }),
        EditorView.lineWrapping,
        highlightSpecialChars({ addSpecialChars: /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g }),
        history(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        json(),
        syntaxHighlighting(COLOURS),
        LOOKS,
        autocompletion({ override: [completions(columns)], icons: false }),
        // Tab leaves the editor: who has no mouse must get out again.
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap]),
        EditorView.updateListener.of(({ docChanged, state, transactions }) => {
          const own = transactions.some((one) => one.annotation(Transaction.remote));
          if (docChanged && !own) written(state.doc.toString());
        }),
      ],
    }),
  });
  return {
    write(next) {
      if (view.state.doc.toString() === next) return;
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: next },
        annotations: [Transaction.remote.of(true), Transaction.addToHistory.of(true)],
      });
    },
    mark(problems) {
      const tree = syntaxTree(view.state);
      const found = problems.map(({ field, text, isNote }): Diagnostic => {
        const { from, to } = nodeAt(tree, view.state.doc.toString(), field);
        return { from, to, message: shownLine(text, 400), severity: isNote ? 'warning' : 'error' };
      });
      view.dispatch(setDiagnostics(view.state, found));
    },
    close: () => view.destroy(),
  };
}
