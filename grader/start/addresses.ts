/** Ports as the learner asked for them. */
export interface Ports {
  api: number;
  page: number;
  lab: number;
  collector: number;
}

/** What people and programs call the parts of Murmur. */
export interface Addresses {
  page: string;
  api: string;
  lab: string;
  collector: string;
  /** What the page reads from config.json: absolute URLs, or paths on its own origin. */
  config: { apiUrl: string; collectorUrl: string };
  /** The same for a browser on the machine where Murmur runs: always absolute. */
  localConfig: { apiUrl: string; collectorUrl: string };
  /** The origin that the API allows: the only one under which a page is of another origin than the API. */
  allowedOrigin: string;
  /** Names beyond this machine's own under which the API is reached, without a port. */
  apiHosts: string[];
  /** True in Codespaces, where page, API and collector share an origin. */
  sameOrigin: boolean;
  /** Host headers under which the page's server answers, in lower case. */
  pageHosts: string[];
}

const DEFAULT_FORWARDING_DOMAIN = 'app.github.dev';

/**
 * On a laptop every part has an origin of its own. In Codespaces a private forwarded port answers preflights with a
 * sign-in page, so there the page's server passes /api and /collector on.
 */
export function addressesOf(ports: Ports, environment: NodeJS.ProcessEnv): Addresses {
  const local = (port: number) => `http://localhost:${port}`;
  const space = environment.CODESPACE_NAME;
  const domain = environment.GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN ?? DEFAULT_FORWARDING_DOMAIN;
  const localConfig = { apiUrl: local(ports.api), collectorUrl: local(ports.collector) };
  const allowedOrigin = local(ports.page);
  const localHosts = [`localhost:${ports.page}`, `127.0.0.1:${ports.page}`, `[::1]:${ports.page}`];
  if (!space) {
    return {
      page: local(ports.page),
      api: local(ports.api),
      lab: local(ports.lab),
      collector: local(ports.collector),
      config: localConfig,
      localConfig,
      allowedOrigin,
      apiHosts: [],
      sameOrigin: false,
      pageHosts: localHosts,
    };
  }
  const forwarded = (port: number) => `https://${space}-${port}.${domain}`;
  return {
    page: forwarded(ports.page),
    api: local(ports.api),
    lab: forwarded(ports.lab),
    collector: local(ports.collector),
    config: { apiUrl: '/api', collectorUrl: '/collector' },
    localConfig,
    allowedOrigin,
    apiHosts: [new URL(forwarded(ports.api)).hostname],
    sameOrigin: true,
    pageHosts: [...localHosts, new URL(forwarded(ports.page)).host.toLowerCase()],
  };
}
