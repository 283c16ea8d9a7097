import {
  ChangeDetectionStrategy,
  Component,
  CSP_NONCE,
  computed,
  DestroyRef,
  type ElementRef,
  effect,
  inject,
  input,
  output,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import type { ClauseProblem } from '../builder/clause-problem';
import { QueryApi } from '../query-api';
import { type QuerySpec, queryText } from '../spec';
import type { Editor } from './code-mirror';

/** A pause in writing after which the query is asked, milliseconds. */
const PAUSE_MS = 600;

/** The query as JSON, beside its clauses. The editor is loaded when it is first opened. */
@Component({
  selector: 'lab-json-editor',
  template: `
    <div class="editor" #host></div>
    @if (failed()) {
      <p role="alert">The editor could not be loaded. The clauses beside it do the same.</p>
    }
    <p class="state" role="status" [class.wrong]="fault()">{{ fault() || 'Ctrl+Space completes. What is written here is asked when you pause.' }}</p>
  `,
  styles: `
    :host {
      display: grid;
      grid-template-rows: minmax(220px, 1fr) auto;
      min-inline-size: 0;
    }

    .editor {
      max-block-size: 460px;
      overflow: hidden;
      border: 1px solid var(--line-strong);
      border-radius: var(--radius);
    }

    .editor:focus-within {
      border-color: var(--accent);
    }

    .state {
      min-block-size: 24px;
      color: var(--ink-soft);
      font-size: 12px;
      overflow-wrap: anywhere;
    }

    .wrong {
      color: var(--danger);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class JsonEditor {
  readonly query = input.required<QuerySpec>();
  readonly problems = input<readonly ClauseProblem[]>([]);
  readonly changed = output<QuerySpec>();

  readonly #api = inject(QueryApi);
  readonly #nonce = inject(CSP_NONCE, { optional: true });
  protected readonly host = viewChild.required<ElementRef<HTMLElement>>('host');
  protected readonly fault = signal('');
  protected readonly failed = signal(false);
  readonly #editor = signal<Editor | null>(null);
  readonly #pretty = computed(() => JSON.stringify(JSON.parse(queryText(this.query())), null, 2));
  /** what was said last: it comes back as the query, and must not be written over what stands there */
  #said = '';
  #pause = 0;

  constructor() {
    const destroyed = inject(DestroyRef);
    destroyed.onDestroy(() => {
      clearTimeout(this.#pause);
      this.#editor()?.close();
    });
    effect(() => {
      const host = this.host().nativeElement;
      untracked(() => void this.#open(host, destroyed));
    });
    effect(() => {
      const [editor, text] = [this.#editor(), this.#pretty()];
      if (editor && queryText(this.query()) !== this.#said) editor.write(text);
    });
    effect(() => this.#editor()?.mark(this.problems()));
  }

  async #open(host: HTMLElement, destroyed: DestroyRef): Promise<void> {
    try {
      const { openEditor } = await import('./code-mirror');
      if (destroyed.destroyed) return;
      const columns = (): readonly { key_name: string; type: string }[] =>
        this.#api.columns.hasValue() ? this.#api.columns.value() : [];
      const nonce = this.#nonce ?? '';
      this.#editor.set(
        openEditor(host, { text: this.#pretty(), nonce, columns, written: (text) => this.#written(text) }),
      );
    } catch {
      this.failed.set(true);
    }
  }

  #written(text: string): void {
    clearTimeout(this.#pause);
    let query: unknown;
    try {
      query = JSON.parse(text);
    } catch (error) {
      this.fault.set(`This is no JSON yet: ${(error as Error).message}`);
      return;
    }
    if (typeof query !== 'object' || query === null || Array.isArray(query)) {
      this.fault.set('A query is one object: { "calculations": … }');
      return;
    }
    this.fault.set('');
    this.#pause = setTimeout(() => {
      this.#said = queryText(query as QuerySpec);
      this.changed.emit(query as QuerySpec);
    }, PAUSE_MS);
  }
}
