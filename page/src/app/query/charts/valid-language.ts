/**
 * uPlot makes a number format of the browser's language as soon as it is loaded, and a browser without a locale (LANG=C)
 * says "en-US@posix", which is none. Import this first.
 */
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true });
}

export {};
