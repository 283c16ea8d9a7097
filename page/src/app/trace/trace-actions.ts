import { ChangeDetectionStrategy, Component, input, output, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Icon } from '../shell/icon';

/** What can be done with the trace that is open. */
@Component({
  selector: 'lab-trace-actions',
  imports: [Icon, RouterLink],
  template: `
    @if (more()) {
      <button type="button" class="button" aria-pressed="true" (click)="again.emit()">More spans</button>
    }
    <button
      type="button"
      class="button plain"
      title="As text, for the browser's own search"
      [attr.aria-pressed]="asText()"
      (click)="text.emit(!asText())"
    >
      <lab-icon name="text" /> <span>Text</span>
    </button>
    @if (inLab()) {
      <a class="button plain" title="Compare with another trace" routerLink="/traces" [queryParams]="{ with: id() }">
        <lab-icon name="compare" /> <span>Compare</span>
      </a>
    }
    <button type="button" class="button plain" title="Save as a file of OTLP JSON" (click)="save.emit()">
      <lab-icon name="download" /> <span>Save</span>
    </button>
    <button type="button" class="button plain" title="Copy the address of what you see" (click)="copy()">
      <lab-icon name="copy" /> <span>{{ copied() }}</span>
    </button>
  `,
  styles: `
    :host {
      display: flex;
      gap: 2px;
    }

    .button {
      padding-inline: 7px;
    }

    @media (max-width: 30rem) {
      span {
        font-size: 12px;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TraceActions {
  readonly id = input.required<string>();
  /** whether the lab has it, and so others to compare it with */
  readonly inLab = input.required<boolean>();
  readonly asText = input.required<boolean>();
  /** whether spans of it have come meanwhile */
  readonly more = input(false);
  readonly again = output();
  readonly text = output<boolean>();
  readonly save = output();
  protected readonly copied = signal('Link');

  protected async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(location.href);
      this.copied.set('Copied');
    } catch {
      this.copied.set('Not allowed');
    }
  }
}
