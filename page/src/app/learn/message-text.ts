import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { shownText } from '../text/shown';
import type { FilePlace } from './learn-api';
import { partsOf } from './places-in-text';

/** A sentence of a message, as text; what it names of the learner's files can be opened. */
@Component({
  selector: 'lab-message-text',
  template: `
    @for (part of parts(); track $index) {
      @if (part.place; as place) {
        <button type="button" class="place" title="Open in the editor" (click)="opened.emit(place)">{{ part.text }}</button>
      } @else if (part.heading !== undefined) {
        <button type="button" class="place" (click)="heading.emit(part.heading)">{{ part.heading ? '“' + part.heading + '” in the task' : 'the task' }}</button>
      } @else {
        <span>{{ part.text }}</span>
      }
    }
  `,
  styles: `
    :host {
      white-space: pre-wrap;
      overflow-wrap: anywhere;
    }

    .place {
      display: inline;
      padding: 0;
      border: 0;
      background: none;
      color: var(--accent);
      font: inherit;
      text-align: start;
      text-decoration: underline;
      text-underline-offset: 0.2em;
      cursor: pointer;
      user-select: text;
    }
  `,
  preserveWhitespaces: false,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MessageText {
  readonly text = input.required<string>();
  readonly opened = output<FilePlace>();
  /** words of a heading of the task */
  readonly heading = output<string>();
  protected readonly parts = computed(() => partsOf(shownText(this.text(), 4_000)));
}
