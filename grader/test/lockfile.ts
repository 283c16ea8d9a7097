/**
 * Rules for package-lock.json, as pure functions over its parsed content: each
 * returns one sentence per breach, and an empty list when all is well.
 *
 * Why: `npm ci` refuses a lock file in which a platform's build is missing, and
 * npm writes such a file without a word when the registry lacks that build on
 * the day of the install. Nobody on Linux would notice that macOS is left out.
 */
import satisfies from 'spdx-satisfies';

/** One entry of `packages` in a lock file of version 3. Its key is its folder, '' for the root. */
export interface LockEntry {
  name?: string;
  version?: string;
  license?: string;
  integrity?: string;
  link?: boolean;
  resolved?: string;
  optional?: boolean;
  os?: string | string[];
  cpu?: string | string[];
  libc?: string | string[];
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** The part of package-lock.json that the rules read. */
export interface Lockfile {
  lockfileVersion: number;
  packages: Record<string, LockEntry>;
}

/** The part of a package.json that the rules read. */
export interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  overrides?: Record<string, unknown>;
}

/** The machines that a learner may sit at. On Linux the C library is glibc. */
export const PLATFORMS = [
  { os: 'linux', cpu: 'x64' },
  { os: 'linux', cpu: 'arm64' },
  { os: 'darwin', cpu: 'x64' },
  { os: 'darwin', cpu: 'arm64' },
  { os: 'win32', cpu: 'x64' },
] as const;

type Platform = (typeof PLATFORMS)[number];

/** Node's own look-up: the entry that `name` means inside the folder `from`, or undefined. */
export function resolveEntry(lock: Lockfile, from: string, name: string): string | undefined {
  let folder = from;
  for (;;) {
    const candidate = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (lock.packages[candidate]) return candidate;
    if (folder === '') return undefined;
    const parent = folder.lastIndexOf('/node_modules/');
    folder = parent === -1 ? '' : folder.slice(0, parent);
  }
}

/** A field of os, cpu or libc as npm reads it: absent allows all, '!x' allows all but x. */
function allows(field: string | string[] | undefined, value: string): boolean {
  const list = field === undefined ? [] : [field].flat();
  if (list.includes(`!${value}`)) return false;
  const wanted = list.filter((item) => !item.startsWith('!'));
  return wanted.length === 0 || wanted.includes(value);
}

function serves(entry: LockEntry, platform: Platform): boolean {
  const { os, cpu } = platform;
  return allows(entry.os, os) && allows(entry.cpu, cpu) && (os !== 'linux' || allows(entry.libc, 'glibc'));
}

/** The optional dependencies of one package that are builds for a platform. */
export interface BuildFamily {
  parent: string;
  builds: { name: string; entry: LockEntry }[];
}

/**
 * Packages that come as one build for each platform: two or more optional
 * dependencies that are limited to an os or a cpu. A single one, such as
 * fsevents, is an extra for its platform and not a build that others lack.
 */
export function buildFamilies(lock: Lockfile): BuildFamily[] {
  const families: BuildFamily[] = [];
  for (const [parent, { optionalDependencies = {} }] of Object.entries(lock.packages)) {
    const builds = Object.keys(optionalDependencies).flatMap((name) => {
      const entry = lock.packages[resolveEntry(lock, parent, name) ?? '-'];
      return entry && (entry.os || entry.cpu) ? [{ name, entry }] : [];
    });
    if (builds.length >= 2) families.push({ parent, builds });
  }
  return families;
}

/** Every platform has its build in every family, and each build is locked by its integrity. */
export function missingPlatforms(lock: Lockfile): string[] {
  return buildFamilies(lock).flatMap(({ parent, builds }) => {
    const absent = PLATFORMS.filter((platform) => !builds.some((build) => serves(build.entry, platform)));
    const unlocked = builds.filter((build) => !build.entry.integrity);
    return [
      ...absent.map(({ os, cpu }) => `${parent || 'the root'}: no build for ${os} ${cpu}`),
      ...unlocked.map(({ name }) => `${parent || 'the root'}: ${name} has no integrity`),
    ];
  });
}

/** Every optional dependency that is named has an entry: `npm ci` says "Missing: … from lock file" otherwise. */
export function missingEntries(lock: Lockfile): string[] {
  return Object.entries(lock.packages).flatMap(([parent, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => resolveEntry(lock, parent, name) === undefined)
      .map((name) => `${parent || 'the root'}: ${name} is not in the lock file`),
  );
}

const EXACT = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;

function overrideVersions(overrides: Record<string, unknown>): [string, unknown][] {
  return Object.entries(overrides).flatMap(([name, value]): [string, unknown][] =>
    value !== null && typeof value === 'object'
      ? overrideVersions(value as Record<string, unknown>)
      : [[name, value]],
  );
}

/**
 * Every dependency is pinned to one version, and the lock file holds that one.
 * `manifests` is keyed by the folder as in the lock file, '' for the root.
 */
export function loosePins(lock: Lockfile, manifests: Record<string, Manifest>): string[] {
  return Object.entries(manifests).flatMap(([folder, manifest]) => {
    const wanted = Object.entries({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
    });
    const loose = [...wanted, ...overrideVersions(manifest.overrides ?? {})]
      .filter(([, version]) => typeof version !== 'string' || !EXACT.test(version))
      .map(([name, version]) => `${manifest.name}: ${name} "${version}" is not an exact version`);
    const differing = wanted.flatMap(([name, version]) => {
      const place = resolveEntry(lock, folder, name);
      const entry = place === undefined ? undefined : lock.packages[place];
      const locked = entry?.link ? lock.packages[entry.resolved ?? '']?.version : entry?.version;
      return locked === version ? [] : [`${manifest.name}: ${name} is ${version}, locked is ${locked}`];
    });
    return [...loose, ...differing];
  });
}

/** Exactly one copy of each of these is installed: two of them do not see each other's spans. */
export function copiesOtherThanOne(lock: Lockfile, names: string[]): string[] {
  return names.flatMap((name) => {
    const places = Object.keys(lock.packages).filter(
      (place) => place === `node_modules/${name}` || place.endsWith(`/node_modules/${name}`),
    );
    return places.length === 1 ? [] : [`${name}: ${places.length} copies (${places.join(', ')})`];
  });
}

/** Licences that let anyone use, change and pass on the workshop with its packages (SPDX identifiers). */
export const PERMISSIVE = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'PSF-2.0',
];

/** Whether an SPDX expression lets a reader choose permissive licences only. No expression, or one that cannot be read, does not. */
export function isPermissive(expression: string): boolean {
  try {
    return satisfies(expression, PERMISSIVE);
  } catch {
    return false;
  }
}

/** A package whose licence a person has read. The reason says what was found. */
export interface LicenceException {
  name: RegExp;
  reason: string;
}

/** Packages that are neither permissive nor excepted, and exceptions that nothing needs any more. */
export function licenceBreaches(lock: Lockfile, exceptions: LicenceException[]): string[] {
  const doubtful = Object.entries(lock.packages).flatMap(([place, entry]) => {
    const installed = place.includes('node_modules/') && !entry.link;
    if (!installed || isPermissive(entry.license ?? '')) return [];
    return [{ name: place.slice(place.lastIndexOf('node_modules/') + 13), entry }];
  });
  return [
    ...doubtful
      .filter(({ name }) => !exceptions.some((exception) => exception.name.test(name)))
      .map(({ name, entry }) => `${name}@${entry.version}: licence ${entry.license ?? 'not stated'}`),
    ...exceptions
      .filter((exception) => !doubtful.some(({ name }) => exception.name.test(name)))
      .map((exception) => `${exception.name}: nothing needs this exception any more`),
  ];
}
