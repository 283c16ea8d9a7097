import {
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  input,
  linkedSignal,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { shownLine } from '../../text/shown';

/** A word that may be chosen, and what is said beside it. */
export interface Suggestion {
  value: string;
  about?: string;
}

const MOST_SHOWN = 40;
let made = 0;

/**
 * A field that offers what there is: a combobox as the ARIA Authoring Practices have it. Any other text can be written
 * as well: what is not there today may come tomorrow.
 */
@Component({
  selector: 'lab-suggest-input',
  templateUrl: './suggest-input.html',
  styleUrl: './suggest-input.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SuggestInput {
  readonly label = input.required<string>();
  readonly value = input('');
  readonly suggestions = input<readonly Suggestion[]>([]);
  readonly placeholder = input('');
  readonly wrong = input(false);
  /** it adds something each time, and is empty again then */
  readonly adds = input(false);
  /** id of the text that says what is wrong */
  readonly describedBy = input<string | null>(null);
  /** somebody is about to write */
  readonly opened = output();
  /** a value was chosen or written */
  readonly chosen = output<string>();

  protected readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  protected readonly id = `suggestions-${++made}`;
  protected readonly text = linkedSignal(() => this.value());
  protected readonly open = signal(false);
  protected readonly active = signal(-1);
  readonly #typed = signal(false);
  protected readonly shown = computed(() => {
    // What stands there from before is no search.
    const text = this.#typed() ? this.text().toLowerCase() : '';
    const all = this.suggestions();
    const begins = all.filter(({ value }) => value.toLowerCase().startsWith(text));
    const holds = all.filter(
      ({ value }) => !value.toLowerCase().startsWith(text) && value.toLowerCase().includes(text),
    );
    return [...begins, ...holds].slice(0, MOST_SHOWN).map((suggestion, index) => ({
      ...suggestion,
      id: `${this.id}-${index}`,
      words: shownLine(suggestion.value, 80) || '(empty)',
    }));
  });

  focus(): void {
    this.field().nativeElement.focus();
  }

  protected begin(): void {
    this.opened.emit();
    this.#typed.set(false);
    this.open.set(true);
    this.active.set(-1);
  }

  protected typed(text: string): void {
    this.text.set(text);
    this.#typed.set(true);
    this.open.set(true);
    this.active.set(-1);
  }

  protected key(event: KeyboardEvent): void {
    const { key } = event;
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      event.preventDefault();
      if (!this.open()) this.begin();
      const { length } = this.shown();
      const step = key === 'ArrowDown' ? 1 : -1;
      if (length > 0)
        this.active.update((at) => (at + step + length + (at < 0 && step < 0 ? 1 : 0)) % length);
      document.getElementById(`${this.id}-${this.active()}`)?.scrollIntoView({ block: 'nearest' });
    } else if (key === 'Enter') {
      event.preventDefault();
      this.take(this.shown()[this.open() ? this.active() : -1]?.value ?? this.text());
    } else if (key === 'Escape' && this.open()) {
      event.preventDefault();
      event.stopPropagation();
      this.open.set(false);
    }
  }

  /** The focus goes on: what was written counts. */
  protected leave(): void {
    this.open.set(false);
    this.take(this.text());
  }

  protected take(value: string): void {
    this.open.set(false);
    const isNew = value !== this.value();
    this.text.set(this.adds() ? '' : value);
    if (isNew) this.chosen.emit(value);
  }
}
