/** The files through which a learner's Node processes load the capture. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const PRELOAD = fileURLToPath(new URL('./node/preload.cjs', import.meta.url));

export interface ControlAddress {
  host: string;
  port: number;
  token: string;
}

export interface ProcessShims {
  /** file for `--require`, with the address and the token of this run */
  entry: string;
  /** folder with a `node` that requires the entry first */
  directory: string;
}

const quoteForShell = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** A folder of shims that is removed as a whole. */
export class ShimFolder {
  readonly #root = mkdtempSync(path.join(tmpdir(), 'murmur-capture-'));
  readonly #made = new Map<string, ProcessShims>();
  readonly #address: ControlAddress;
  readonly #node: string;

  /** @param node the Node that the shim runs */
  constructor(address: ControlAddress, node: string) {
    this.#address = address;
    this.#node = node;
  }

  /** Shims for a process; `name` is what the grader calls it, `follow` has it tell each span as it ends. */
  forProcess(name: string, follow = false): ProcessShims {
    const known = this.#made.get(name);
    if (known) return known;
    const directory = path.join(this.#root, `${this.#made.size}-${name.replace(/[^\w-]/g, '_')}`);
    const entry = path.join(directory, 'capture.cjs');
    mkdirSync(directory, { mode: 0o700 });
    const settings = { ...this.#address, process: name, follow, entry, shimDirectory: directory };
    writeFileSync(entry, `require(${JSON.stringify(PRELOAD)}).start(${JSON.stringify(settings)});\n`, {
      mode: 0o600,
    });
    this.#writeShims(directory, entry);
    const shims = { entry, directory };
    this.#made.set(name, shims);
    return shims;
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true, maxRetries: 3 });
  }

  /**
   * The shim puts the capture first in NODE_OPTIONS, not on the command line: what NODE_OPTIONS requires is loaded
   * before what the command line requires.
   */
  #writeShims(directory: string, entry: string): void {
    const required = requireOption(entry);
    const shell = [
      '#!/bin/sh',
      `required=${quoteForShell(required)}`,
      'case "$NODE_OPTIONS" in',
      '  "$required"*) ;;',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
      '  *) export NODE_OPTIONS="$required${NODE_OPTIONS:+ $NODE_OPTIONS}" ;;',
      'esac',
      `exec ${quoteForShell(this.#node)} "$@"`,
      '',
    ];
    const shim = path.join(directory, 'node');
    writeFileSync(shim, shell.join('\n'));
    chmodSync(shim, 0o700);
    if (process.platform === 'win32') {
      const batch = ['@setlocal', `@set NODE_OPTIONS=${required} %NODE_OPTIONS%`, `@"${this.#node}" %*`, ''];
      writeFileSync(path.join(directory, 'node.cmd'), batch.join('\r\n'));
    }
  }
}

/** The option for NODE_OPTIONS, where quotes and backslashes are escaped as in JSON. */
function requireOption(entry: string): string {
  return `--require ${JSON.stringify(entry)}`;
}

/**
 * Adds the shims to an environment.
 * @returns `base` without its undefined values, NODE_OPTIONS extended, the shims first in PATH
 */
export function withShims(
  base: Record<string, string | undefined>,
  shims: ProcessShims,
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(base)) if (value !== undefined) environment[name] = value;
  const required = requireOption(shims.entry);
  environment.NODE_OPTIONS = environment.NODE_OPTIONS ? `${required} ${environment.NODE_OPTIONS}` : required;
  // On Windows the name may be Path.
  const pathName = Object.keys(environment).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  environment[pathName] = [shims.directory, environment[pathName]].filter(Boolean).join(path.delimiter);
  return environment;
}
