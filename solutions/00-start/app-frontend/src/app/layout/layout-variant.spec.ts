import { TestBed } from '@angular/core/testing';
import { LayoutVariant } from './layout-variant';

describe('LayoutVariant', () => {
  beforeEach(() => localStorage.clear());
  afterEach(() => {
    history.replaceState(null, '', '/');
    vi.restoreAllMocks();
  });

  const name = () => TestBed.inject(LayoutVariant).name();

  it.each([
    [0.2, 'A'],
    [0.8, 'B'],
  ])('is drawn at the first visit: %d gives %s', (drawn, expected) => {
    vi.spyOn(Math, 'random').mockReturnValue(drawn);
    expect(name()).toBe(expected);
  });

  it('stays the same at the next visit', () => {
    localStorage.setItem('murmur.layout', 'B');
    vi.spyOn(Math, 'random').mockReturnValue(0.2);
    expect(name()).toBe('B');
  });

  it('can be chosen in the address, and is kept', () => {
    localStorage.setItem('murmur.layout', 'A');
    history.replaceState(null, '', '/?variant=B');
    expect(name()).toBe('B');
    expect(localStorage.getItem('murmur.layout')).toBe('B');
  });

  it('does not believe in a third layout', () => {
    localStorage.setItem('murmur.layout', 'A');
    history.replaceState(null, '', '/?variant=C');
    expect(name()).toBe('A');
  });
});
