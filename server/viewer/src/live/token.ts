/** Who looks: a token from the address, `#token=...`, kept for this tab and out of the address. */
const KEEP = "twin-token";

let token: string | null = null;

/** Take the token that the address gave, or that this tab has had. */
export function takeToken(hash: URLSearchParams): void {
  token = hash.get("token");
  if (token) sessionStorage.setItem(KEEP, token);
  else token = sessionStorage.getItem(KEEP);
}

/** Headers of a request. */
export const tokenHeaders = (): Record<string, string> => (token ? { Authorization: `Bearer ${token}` } : {});

/** What a WebSocket offers: browsers can't give it headers. */
export const withToken = (subprotocol: string): string[] =>
  token ? [subprotocol, `token.${token}`] : [subprotocol];
