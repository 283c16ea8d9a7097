import { Component } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { NoticeBar } from './ui/notice-bar';

@Component({
  selector: 'app-root',
  imports: [RouterOutlet, NoticeBar],
  template: `
    <router-outlet />
    <app-notice-bar />
  `,
})
export class App {}
