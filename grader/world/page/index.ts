export { BrowserMissingError, type OpenBrowser, openBrowser } from './browser.ts';
export { type BrowserCandidate, browserCandidates } from './browser-candidates.ts';
export { type BuiltPage, buildPage, stopPageBuilder } from './build-page.ts';
export { ownConfigOf } from './own-config.ts';
export { type PageConfig, type PageServer, startPageServer } from './page-server.ts';
export {
  type ConnectedPage,
  type PageSite,
  type PageWorld,
  type PageWorldOptions,
  pageWorld,
} from './page-world.ts';
export { startThirdParty, type ThirdParty } from './third-party.ts';
export { type Layout, type PageAnswer, type PageSeen, type PageTiming, Visitor } from './visitor.ts';
