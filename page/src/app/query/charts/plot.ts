import './valid-language';

import uPlot from 'uplot';

/** What a chart is drawn with: the colours of the theme that shows now. */
export interface Ink {
  text: string;
  line: string;
  accent: string;
  wash: string;
  danger: string;
  series: string[];
  font: string;
}

/** Colours are `light-dark()`, which a canvas does not know: an element is asked what they are now. */
export function inkOf(host: HTMLElement): Ink {
  const probe = document.createElement('span');
  host.append(probe);
  const colour = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const ink = {
    text: colour('--ink-soft'),
    line: colour('--line'),
    accent: colour('--accent'),
    wash: colour('--accent-wash'),
    danger: colour('--danger'),
    series: Array.from({ length: 8 }, (_, index) => colour(`--service-${index}`)),
    font: `11px ${getComputedStyle(host).fontFamily}`,
  };
  probe.remove();
  return ink;
}

/** The looks of an axis. @param values texts of its ticks; its own times otherwise */
export function axis(ink: Ink, options: Partial<uPlot.Axis> = {}): uPlot.Axis {
  return {
    stroke: ink.text,
    font: ink.font,
    grid: { stroke: ink.line, width: 1 },
    ticks: { stroke: ink.line, width: 1, size: 4 },
    ...options,
  };
}

/** Times of the axis in 24 hours, as everywhere in the page. */
export const TIME_VALUES: uPlot.Axis.Values = [
  [3600 * 24, '{D} {MMM}', null, null, null, null, null, null, 1],
  [3600, '{HH}:{mm}', '\n{D} {MMM}', null, '\n{D} {MMM}', null, null, null, 1],
  [60, '{HH}:{mm}', '\n{D} {MMM}', null, '\n{D} {MMM}', null, null, null, 1],
  [1, '{HH}:{mm}:{ss}', '\n{D} {MMM}', null, '\n{D} {MMM}', null, null, null, 1],
];

/** Draws anew when the theme changes. @returns stops that */
export function onThemeChange(changed: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', changed);
  const choice = new MutationObserver(changed);
  choice.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  return () => {
    system.removeEventListener('change', changed);
    choice.disconnect();
  };
}

export { uPlot };
