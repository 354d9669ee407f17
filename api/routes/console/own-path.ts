/** Where an operator wanted to go, as a path of the console; undefined for any other address. */
export function ownPathOf(to: unknown, publicUrl: string): string | undefined {
  if (to === undefined) return '/console';
  if (typeof to !== 'string' || to.length > 2_048 || !/^\/[^/\\]/.test(to) || !URL.canParse(to, publicUrl))
    return undefined;
  const { origin, pathname, search, hash } = new URL(to, publicUrl);
  const isOfConsole = pathname === '/console' || pathname.startsWith('/console/');
  const leadsBack = /^\/console\/(api|login)(\/|$)/.test(pathname);
  if (origin !== new URL(publicUrl).origin || !isOfConsole || leadsBack) return undefined;
  return pathname + search + hash;
}
