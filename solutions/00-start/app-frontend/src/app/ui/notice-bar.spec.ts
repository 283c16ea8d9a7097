import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { NoticeBar } from './notice-bar';
import { Notices } from './notices';

describe('NoticeBar', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    TestBed.configureTestingModule({ providers: [provideRouter([])] });
  });
  afterEach(() => vi.useRealTimers());

  function open() {
    const fixture = TestBed.createComponent(NoticeBar);
    fixture.detectChanges();
    const bar = fixture.nativeElement as HTMLElement;
    const text = (role: string) => bar.querySelector(`[role=${role}]`)?.textContent?.trim();
    return { fixture, bar, text, notices: TestBed.inject(Notices) };
  }

  it('tells news politely, with a link, and for a while', () => {
    const { fixture, bar, text, notices } = open();
    notices.news('Published.', { label: 'See your post', to: ['/posts', '7'] });
    fixture.detectChanges();
    expect(text('status')).toContain('Published.');
    expect(text('alert')).toBe('');
    expect(bar.querySelector('a')?.getAttribute('href')).toBe('/posts/7');

    vi.advanceTimersByTime(10_000);
    fixture.detectChanges();
    expect(text('status')).toBe('');
  });

  it('tells a problem at once, until it is closed', () => {
    const { fixture, bar, text, notices } = open();
    notices.news('Published.');
    notices.problem('Something went wrong.');
    vi.advanceTimersByTime(60_000);
    fixture.detectChanges();
    expect(text('alert')).toContain('Something went wrong.');
    expect(text('status')).toBe('');

    bar.querySelector<HTMLButtonElement>('button')?.click();
    fixture.detectChanges();
    expect(text('alert')).toBe('');
  });
});
