/** "Latency by UserID" -> "latency-by-user-id"; safe as a file name on every system. */
export function kebabCase(name: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 80)
    .replace(/^-+|-+$/g, '');
  // Device names that Windows reserves.
  if (words === '' || /^(con|prn|aux|nul|com\d|lpt\d)$/.test(words)) return `query${words && `-${words}`}`;
  return words;
}
