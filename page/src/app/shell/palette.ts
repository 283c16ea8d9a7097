import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  DestroyRef,
  type ElementRef,
  Injector,
  inject,
  linkedSignal,
  signal,
  viewChild,
} from '@angular/core';
import { Router } from '@angular/router';
import { shownLine } from '../text/shown';
import { type Command, Commands, commandsFor } from './commands';

const TRACE_ID = /^[0-9a-f]{32}$/i;
/** More of them nobody reads: another letter leaves fewer. */
const MOST = 50;

/** Everything that can be done here, by name: Ctrl+K. A combobox with its list (ARIA APG), in a dialog of the browser. */
@Component({
  selector: 'lab-palette',
  template: `
    <dialog #dialog aria-label="Search and commands" (click)="clicked($event)" (close)="shown.set(dialog.open)">
      @if (shown()) {
        <input
          #field
          type="text"
          role="combobox"
          aria-autocomplete="list"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-label="Search and commands"
          placeholder="A view, an exercise, a trace id ..."
          autocomplete="off"
          spellcheck="false"
          [attr.aria-activedescendant]="active() ? 'command-' + active()?.id : null"
          [value]="typed()"
          (input)="typed.set(field.value)"
          (keydown)="onKey($event)"
        />
        <ul id="palette-list" role="listbox" aria-label="Commands">
          @for (command of found(); track command.id) {
            <li
              role="option"
              [id]="'command-' + command.id"
              [attr.aria-selected]="command === active()"
              (click)="run(command)"
            >
              <span class="words">{{ line(command.words) }}</span>
              <span class="soft">{{ command.detail }}</span>
              @if (command.key) {
                <kbd>{{ command.key }}</kbd>
              }
            </li>
          }
        </ul>
        @if (found().length === 0) {
          <p>Nothing here is called so.</p>
        }
        <p class="visually-hidden" role="status">{{ found().length }} found</p>
      }
    </dialog>
  `,
  styleUrl: './palette.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Palette {
  readonly #commands = inject(Commands);
  readonly #router = inject(Router);
  readonly #injector = inject(Injector);
  protected readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');
  protected readonly field = viewChild<ElementRef<HTMLInputElement>>('field');
  protected readonly shown = signal(false);
  protected readonly typed = signal('');
  protected readonly found = computed<readonly Command[]>(() => {
    if (!this.shown()) return [];
    const typed = this.typed().trim();
    return [...commandsFor(typed, this.#commands.all()).slice(0, MOST), ...this.#tracesFor(typed)];
  });
  protected readonly active = linkedSignal<Command | undefined>(() => this.found()[0]);
  protected readonly line = (text: string) => shownLine(text, 100);

  constructor() {
    const pressed = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      // The browser tells of a close a moment later: until then the dialog itself knows.
      const dialog = this.dialog().nativeElement;
      if (dialog.open) dialog.close();
      else this.open();
    };
    document.addEventListener('keydown', pressed);
    inject(DestroyRef).onDestroy(() => document.removeEventListener('keydown', pressed));
  }

  open(): void {
    this.typed.set('');
    this.shown.set(true);
    this.dialog().nativeElement.showModal();
    afterNextRender(() => this.field()?.nativeElement.focus(), { injector: this.#injector });
  }

  protected run(command: Command): void {
    this.dialog().nativeElement.close();
    command.run();
  }

  protected onKey(event: KeyboardEvent): void {
    const found = this.found();
    const at = found.indexOf(this.active() as Command);
    const to: Record<string, number> = {
      ArrowDown: (at + 1) % found.length,
      ArrowUp: (at - 1 + found.length) % found.length,
      PageDown: Math.min(at + 8, found.length - 1),
      PageUp: Math.max(at - 8, 0),
    };
    const active = this.active();
    if (event.key === 'Enter' && active) this.run(active);
    else if (event.key in to) this.#activate(found[to[event.key] as number]);
    else return;
    event.preventDefault();
  }

  /** A click beside the box closes it. */
  protected clicked({ target }: Event): void {
    const dialog = this.dialog().nativeElement;
    if (target === dialog) dialog.close();
  }

  #activate(command: Command | undefined): void {
    this.active.set(command);
    const option = command && document.getElementById(`command-${command.id}`);
    option?.scrollIntoView({ block: 'nearest' });
  }

  /** What was typed may be a trace's id, or words to look for in all traces. */
  #tracesFor(typed: string): Command[] {
    if (typed === '') return [];
    if (TRACE_ID.test(typed)) {
      const id = typed.toLowerCase();
      const run = () => void this.#router.navigate(['/trace', id]);
      return [{ id: 'open-trace', words: `Open trace ${id}`, detail: 'trace', run }];
    }
    const run = () => void this.#router.navigate(['/traces'], { queryParams: { q: typed } });
    return [{ id: 'search-traces', words: `Search the traces for ${typed}`, detail: 'traces', run }];
  }
}
