/** Who looks: a token from the address, `#token=...`, kept for this tab and out of the address. */
const KEEP = "twin-token";

let token: string | null = null;

/** Take the token that the address gave, or that this tab has had. */
export function takeToken(hash: URLSearchParams): void {
  token = hash.get("token");
  if (token) sessionStorage.setItem(KEEP, token);
  else token = sessionStorage.getItem(KEEP);
}

/** Take a token that somebody has typed. */
export function enterToken(text: string): void {
  token = text.trim();
  sessionStorage.setItem(KEEP, token);
}

export const hasToken = (): boolean => token !== null && token !== "";

/** Whether the server asks for a token, or does not know this one. */
export async function needsToken(): Promise<boolean> {
  try {
    const answer = await fetch(new URL("api/runs", document.baseURI), { headers: tokenHeaders() });
    return answer.status === 401;
  } catch {
    return false;
  }
}

/** Headers of a request. */
export const tokenHeaders = (): Record<string, string> => (token ? { Authorization: `Bearer ${token}` } : {});

/** What a WebSocket offers: browsers can't give it headers. */
export const withToken = (subprotocol: string): string[] =>
  token ? [subprotocol, `token.${token}`] : [subprotocol];
