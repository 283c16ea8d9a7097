// @ts-check
'use strict';
/**
 * Watches which modules are loaded: hooks files of OpenTelemetry, notices Nest, and says which modules had been
 * loaded before the instrumentation that wants to patch them.
 */
const Module = require('node:module');
const path = require('node:path');
const fs = require('node:fs');

/** Node's module loader, with the methods that are not public. @type {any} */
const loader = Module;

const NEST_CORE = /@nestjs[\\/]core(?:[\\/]index\.js)?$/;
/** Built-in modules that instrumentations patch, and that must be required after them. */
const BUILT_IN = /^(?:node:)?(https?|net|dns|undici)$/;
const INSTRUMENTATION_FILE =
  /@opentelemetry[\\/]instrumentation[\\/](?:build[\\/]src|dist)[\\/]platform[\\/]node[\\/]instrumentation\.c?js$/;

/**
 * @typedef {object} LoadRule
 * @property {RegExp} request matches the end of what was required (cheap, tried first)
 * @property {RegExp} file matches the whole file name
 * @property {(exported: any, match: RegExpExecArray) => void} loaded called once for each such file
 */

/** @param {() => void} onNest called when Nest is loaded */
function createModuleWatch(onNest) {
  let nestLoaded = false;
  /** @type {LoadRule[]} */
  const rules = [];
  const seenExports = new WeakSet();
  /** @type {Set<string>} */
  const builtInsLoaded = new Set();
  /** @type {{ instance: any, name: string, modulesLoadedBefore: string[] }[]} */
  const instrumentations = [];
  /** @type {string[]} */
  const warnings = [];

  /** @param {string} name a package, or a built-in module */
  function isLoaded(name) {
    if (Module.isBuiltin(name)) return builtInsLoaded.has(name.replace(/^node:/, ''));
    const part = `${path.sep}node_modules${path.sep}${name.split('/').join(path.sep)}${path.sep}`;
    return Object.keys(require.cache).some((file) => file.includes(part));
  }

  /** @param {any} instance an instrumentation that is being enabled */
  function recordInstrumentation(instance) {
    if (instrumentations.some((known) => known.instance === instance)) return;
    const targets = (instance._modules ?? []).map((/** @type {any} */ module) => String(module.name));
    instrumentations.push({
      instance,
      name: String(instance.instrumentationName),
      modulesLoadedBefore: targets.filter(isLoaded),
    });
  }

  rules.push({
    request: /(?:^|[\\/])instrumentation(?:\.c?js)?$/,
    file: INSTRUMENTATION_FILE,
    loaded(exported) {
      const base = exported.InstrumentationBase.prototype;
      const { enable } = base;
      /** @this {any} */
      base.enable = function () {
        try {
          recordInstrumentation(this);
        } catch (error) {
          warnings.push(`capture: ${error}`);
        }
        return enable.call(this);
      };
    },
  });

  /**
   * @param {string} request
   * @param {any} parent
   * @param {boolean} isMain
   * @param {any} exported
   */
  function afterLoad(request, parent, isMain, exported) {
    if (!nestLoaded && NEST_CORE.test(request)) {
      nestLoaded = true;
      onNest();
    }
    const builtIn = BUILT_IN.exec(request);
    if (builtIn && !isForOpenTelemetry(parent)) builtInsLoaded.add(String(builtIn[1]));
    for (const rule of rules) {
      if (!rule.request.test(request)) continue;
      if (!exported || typeof exported !== 'object' || seenExports.has(exported)) continue;
      const match = rule.file.exec(loader._resolveFilename(request, parent, isMain));
      if (!match) continue;
      seenExports.add(exported);
      rule.loaded(exported, match);
    }
  }

  const load = loader._load;
  /** @this {any} @param {string} request @param {any} parent @param {boolean} isMain */
  loader._load = function (request, parent, isMain) {
    // biome-ignore lint/complexity/noArguments: whatever Node passes is passed on, today's three or more
    const exported = load.apply(this, arguments);
    try {
      if (typeof request === 'string') afterLoad(request, parent, isMain, exported);
    } catch (error) {
      warnings.push(`capture: ${error}`);
    }
    return exported;
  };

  return {
    warnings,
    nestLoaded: () => nestLoaded,
    /** @param {LoadRule[]} more */
    onLoad(more) {
      rules.push(...more);
    },
    instrumentations: () =>
      instrumentations.map(({ instance, name, modulesLoadedBefore }) => ({
        name,
        enabled: typeof instance.isEnabled === 'function' ? instance.isEnabled() : true,
        modulesLoadedBefore,
      })),
    /**
     * Packages of OpenTelemetry that the process has loaded, as name@version.
     * @param {Set<string>} except files that only the capture loaded
     * @returns {string[]}
     */
    packagesLoaded(except) {
      const folders = new Set();
      for (const file of Object.keys(require.cache)) {
        const match = except.has(file) ? null : /^.*[\\/]@opentelemetry[\\/][^\\/]+(?=[\\/])/.exec(file);
        if (match) folders.add(match[0]);
      }
      return [...folders].map(nameAndVersion).sort();
    },
  };
}

/** @type {Map<string, string>} */
const namesAndVersions = new Map();

/** @param {string} folder a package's folder @returns {string} */
function nameAndVersion(folder) {
  let text = namesAndVersions.get(folder);
  if (text) return text;
  try {
    const { name, version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
    text = `${name}@${version}`;
  } catch {
    text = `@opentelemetry/${path.basename(folder)}`;
  }
  namesAndVersions.set(folder, text);
  return text;
}

/**
 * Whether a module is loaded for OpenTelemetry: its own exporters require http before any instrumentation is
 * enabled, and that is harmless.
 * @param {any} parent the module that requires
 */
function isForOpenTelemetry(parent) {
  for (let module = parent, steps = 0; module && steps < 100; module = module.parent, steps++) {
    if (/[\\/]@opentelemetry[\\/]/.test(module.filename ?? '')) return true;
  }
  return false;
}

/** @typedef {ReturnType<typeof createModuleWatch>} ModuleWatch */

module.exports = { createModuleWatch };
