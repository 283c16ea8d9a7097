/** How traffic names itself, so that its requests can be told from a person's: `user_agent.original` in traces. */
export const TRAFFIC_USER_AGENT = 'murmur-traffic/1.0';

/** True for requests of `npm run traffic`, with a browser or without. */
export function isTraffic(userAgent: string | undefined): boolean {
  return userAgent?.split(' ').includes(TRAFFIC_USER_AGENT) ?? false;
}
