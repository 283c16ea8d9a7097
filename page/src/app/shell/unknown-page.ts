import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterLink } from '@angular/router';

@Component({
  selector: 'lab-unknown-page',
  imports: [RouterLink],
  template: `
    <h1>There is nothing at this address.</h1>
    <p><a routerLink="/traces">Look at the traces</a></p>
  `,
  styles: `
    :host {
      display: grid;
      gap: 12px;
      padding: 48px 16px;
      justify-items: center;
      text-align: center;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class UnknownPage {}
