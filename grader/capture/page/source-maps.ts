import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';

/** A stack in the learner's own files. */
export interface ReadStack {
  /** one frame a line, `publish app-frontend/src/app/feed/composer.ts:48`; those of packages keep their package's path */
  stack?: string;
  /** the first frame in the learner's own code: `app-frontend/src/app/feed/composer.ts:48` */
  place?: string;
}

export interface StackReader {
  read(stack: string): ReadStack;
}

/** Frames of packages between two of the learner's are many and alike. */
const FRAMES_KEPT = 40;
const OWN_FOLDER = 'app-frontend/';

/**
 * Reads stacks of the built page through the source maps beside its scripts. Works outside the page.
 * @param siteDirectory the built files; a script without a map keeps its own name
 */
export function stackReader(siteDirectory: string): StackReader {
  const maps = new Map<string, SourceMap | null>();
  const mapOf = (script: string): SourceMap | null => {
    let map = maps.get(script);
    if (map === undefined) {
      map = loadMap(path.join(siteDirectory, `${script}.map`));
      maps.set(script, map);
    }
    return map;
  };
  return {
    read(stack) {
      const frames: { name: string; file: string; line: number }[] = [];
      for (const line of stack.split('\n')) {
        const frame = parseFrame(line);
        if (!frame) continue;
        const entry = mapOf(frame.script)?.findEntry(frame.line - 1, frame.column - 1);
        if (entry && 'originalSource' in entry) {
          const file = sourceName(entry.originalSource);
          frames.push({ name: frame.name, file, line: entry.originalLine + 1 });
        } else frames.push({ name: frame.name, file: frame.script, line: frame.line });
      }
      if (frames.length === 0) return {};
      const isOwn = (frame: { file: string } | undefined): boolean =>
        frame?.file.startsWith(OWN_FOLDER) ?? false;
      const own = frames.find(isOwn);
      return {
        // The learner's own are never left out, and what called them tells whether it was a package.
        stack: frames
          .filter((frame, at) => at < FRAMES_KEPT || isOwn(frame) || isOwn(frames[at - 1]))
          .map(({ name, file, line }) => `${name ? `${name} ` : ''}${file}:${line}`)
          .join('\n'),
        ...(own && { place: `${own.file}:${own.line}` }),
      };
    },
  };
}

interface Frame {
  name: string;
  script: string;
  line: number;
  column: number;
}

/** `    at async s.publish (http://localhost:4200/chunk-AB.js:1:234)`; frames of other places are left out. */
function parseFrame(text: string): Frame | null {
  const found = /^\s*at (?:(.*) \()?https?:\/\/[^/\s]+\/([^?#\s]*?\.m?js)(?:\?[^:]*)?:(\d+):(\d+)\)?$/.exec(
    text,
  );
  if (!found) return null;
  return {
    name: methodName(found[1] ?? ''),
    script: found[2] ?? '',
    line: Number(found[3]),
    column: Number(found[4]),
  };
}

/** Methods keep their names in a minified build; classes and functions get one or two letters. */
function methodName(text: string): string {
  const name =
    text
      .replace(/^(?:async |new )+/, '')
      .split('.')
      .at(-1) ?? '';
  return /^\w{3,}$/.test(name) ? name : '';
}

function loadMap(file: string): SourceMap | null {
  try {
    return new SourceMap(JSON.parse(readFileSync(file, 'utf8')) as SourceMapPayload);
  } catch {
    return null;
  }
}

/**
 * Sources are named from the workspace's folder, which is app-frontend, or from the folder of built files in it: what
 * lies outside is a package. Angular's own packages name their sources by the place where they were built.
 */
function sourceName(source: string): string {
  if (!source.startsWith('../../')) return `${OWN_FOLDER}${source.replace('../', '')}`;
  const inPackage = source.lastIndexOf('node_modules/');
  if (inPackage >= 0) return source.slice(inPackage);
  return source.replace(/^(?:\.\.\/)+/, '').replace(/^.*\/bin\/packages\//, '@angular/');
}
