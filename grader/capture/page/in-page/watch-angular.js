// @ts-check
/** Tells of the moment when Angular draws its first element, and what was watched by then. */
import { replacedApis } from './browser-apis.js';
import { global, replace, tell } from './channel.js';

/** Angular writes its version on each root element as it makes it, before it makes what is in it. */
const ROOT_MARK = 'ng-version';

/** When the browser had read the document: scripts of type module, as Angular builds them, run no earlier. */
function parsedMs() {
  const [navigation] = global.performance.getEntriesByType('navigation');
  return navigation?.domInteractive > 0 ? global.performance.timeOrigin + navigation.domInteractive : null;
}

export function watchAngular() {
  const elements = global.Element?.prototype;
  if (!elements) return;
  const original = elements.setAttribute;
  let seen = false;
  replace(
    elements,
    'setAttribute',
    () =>
      /** @this {unknown} @param {unknown[]} args */
      function setAttribute(...args) {
        if (!seen && args[0] === ROOT_MARK) {
          seen = true;
          // Where somebody else has put theirs over it, it stays, and passes everything on.
          if (elements.setAttribute === setAttribute) elements.setAttribute = original;
          const atMs = global.performance.timeOrigin + global.performance.now();
          tell({ t: 'angular', atMs, parsedMs: parsedMs(), watched: replacedApis() });
        }
        return Reflect.apply(original, this, args);
      },
  );
}
