/**
 * Host name of a Host header in normal form: lower case, no port, no trailing dot, IPv6 shortened and in brackets. Null
 * when it is no host at all.
 */
export function hostOf(header: string): string | null {
  if (header === "" || /[\s/?#@\\]/.test(header) || !URL.canParse(`http://${header}`)) return null;
  return new URL(`http://${header}`).hostname.replace(/\.$/, "");
}

/** Names a machine goes by because of its host name: as it is, its first label, and that as mDNS knows it (H6). */
export function namesOfHost(name: string): string[] {
  const short = name.replace(/\..*$/, "");
  return [name, short, `${short}.local`];
}
