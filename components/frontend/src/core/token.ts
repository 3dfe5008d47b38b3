// Addresses for links and pictures, which send no header: with an API key they get a token
// that is good for one request within five seconds.
import { at, key } from "./api";
import { store } from "./store";

export async function withToken(path: string): Promise<string> {
  if (key.get() === null) return at(path);
  const token = await store.call<string>("access.oneshot_token");
  return at(`${path}${path.includes("?") ? "&" : "?"}token=${encodeURIComponent(token)}`);
}
