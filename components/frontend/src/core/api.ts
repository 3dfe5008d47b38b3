// Asks the server. Everything is relative to the page, so that it works below /printers/ID/
// and behind a proxy's prefix.
import { refusal } from "./said";

// Nobody answers (status 0), or somebody says no: in the reader's language.
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly text: string, // as the server said it
    readonly retryAfter: number | null = null, // seconds
  ) {
    super(refusal(text));
  }
}

const LOST = "the connection was lost";
const ANSWER_MS = 60_000; // the layers of a large file take their time
const SOON_MS = 10_000; // for what is asked again and again

const lost = (): never => {
  throw new Refusal(0, LOST); // the browser's own words differ, and say no more
};

const KEY = "gantry.key";

export const base = new URL(document.baseURI);
export const encoded = (path: string): string => path.split("/").map(encodeURIComponent).join("/");
export const at = (path: string) => new URL(path.replace(/^\//, ""), base).href;

export const key = {
  get: () => sessionStorage.getItem(KEY),
  set: (value: string | null) =>
    value === null ? sessionStorage.removeItem(KEY) : sessionStorage.setItem(KEY, value),
};

const port = location.port || (location.protocol === "https:" ? "443" : "80");
// Cookies of the page of all printers are good for each printer below it.
export const root = base.href.replace(/printers\/[^/]+\/$/, "");
const suffixOf = (address: string): string => {
  const path = new URL(address).pathname.replace(/\/$/, "").replaceAll("/", "|");
  return `_P${port}${path ? `_R${path}` : ""}`;
};

const cookie = (name: string) =>
  document.cookie
    .split("; ")
    .find((each) => each.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? "";

export const credentials = (): Record<string, string> => {
  const mine = key.get();
  return mine === null
    ? { "X-CSRF-Token": cookie(`csrf_token${suffixOf(root)}`) || cookie(`csrf_token${suffixOf(base.href)}`) }
    : { "X-Api-Key": mine };
};

export const complaint = (data: unknown, status: number): string => {
  const error = (data as { error?: unknown } | null)?.error;
  if (typeof error === "string") return error;
  const message = (error as { message?: unknown } | undefined)?.message;
  return typeof message === "string" ? message : `HTTP ${status}`;
};

export async function ask<T = unknown>(
  method: string,
  path: string,
  body?: unknown,
  patience = ANSWER_MS, // with a question; what is to be done may take as long as it likes
): Promise<T> {
  const headers: Record<string, string> = credentials();
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await fetch(at(path), {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: "same-origin",
    signal: method === "GET" ? AbortSignal.timeout(patience) : undefined,
  }).catch(lost);
  const text = await response.text().catch(lost);
  let data: unknown = null;
  try {
    data = text ? JSON.parse(text) : null;
  } catch {
    // an answer without JSON says no more than its status
  }
  if (!response.ok) {
    const wait = Number(response.headers.get("Retry-After")) || null;
    throw new Refusal(response.status, complaint(data, response.status), wait);
  }
  return data as T;
}

export interface User {
  name: string | null;
  permissions: string[];
}

// What is asked again and again.
export const askSoon = <T>(path: string): Promise<T> => ask<T>("GET", path, undefined, SOON_MS);

let entering: Promise<unknown> = Promise.resolve();

// Whoever gives the password once more is nobody for a moment: the session of before has ended,
// and the answer with the next one is on its way.
export const whoAmI = () => entering.then(() => askSoon<User>("api/currentuser"));

// Fetches the token against forgery that belongs to all printers: whoever came by the address
// of one of them has only its own.
export async function beKnown(): Promise<void> {
  if (key.get() === null && !cookie(`csrf_token${suffixOf(root)}`)) await fetch(root);
}

export function logIn(user: string, pass: string, remember: boolean): Promise<void> {
  const entered = enter(user, pass, remember);
  entering = entered.catch(() => undefined);
  return entered;
}

async function enter(user: string, pass: string, remember: boolean): Promise<void> {
  key.set(null);
  await beKnown();
  await ask("POST", `${root}api/login`, { user, pass, remember });
}

export async function logInWithKey(value: string): Promise<void> {
  key.set(value);
  try {
    const user = await whoAmI();
    if (user.name === null) throw new Refusal(403, "that key is not known");
  } catch (error) {
    key.set(null);
    throw error;
  }
}

export async function logOut(): Promise<void> {
  if (key.get() !== null) key.set(null);
  else for (const address of new Set([base.href, root])) await ask("POST", `${address}api/logout`, {});
}

// Uploads with progress (0..1), which fetch cannot tell.
export function send(
  path: string,
  file: File,
  onProgress: (share: number) => void,
  signal: AbortSignal | null = null,
  fields: Record<string, string> = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    signal?.addEventListener("abort", () => request.abort());
    request.onabort = () => resolve();
    request.open("POST", at(path));
    for (const [name, value] of Object.entries(credentials())) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onerror = () => reject(new Refusal(0, LOST));
    request.onload = () => {
      if (request.status < 300) return resolve();
      let data: unknown = null;
      try {
        data = JSON.parse(request.responseText);
      } catch {
        // as above
      }
      reject(new Refusal(request.status, complaint(data, request.status)));
    };
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append("file", file, file.name);
    request.send(form);
  });
}

export const upload = (
  file: File,
  fields: { path: string; noOverwrite: string },
  onProgress: (share: number) => void,
  signal: AbortSignal,
) => send("api/files/local", file, onProgress, signal, fields);
