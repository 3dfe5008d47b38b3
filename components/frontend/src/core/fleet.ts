// All printers of the appliance at once, asked for while somebody looks at all of them.
// Each has the whole API at an address of its own; that of the first is the root.
import { ask, askSoon, base, beKnown, root } from "./api";
import type { Job, PrinterInfo } from "./types";

export interface Overview
  extends Pick<PrinterInfo, "id" | "name" | "link" | "phase" | "fault" | "prompt" | "message"> {
  waiting_for_user: boolean;
  job: Job | null;
  heaters: Record<string, { actual: number | null; target: number | null }>;
}

export interface Neighbour {
  name: string;
  host: string;
  addresses: string[];
  port: number;
  properties: Record<string, string>;
}

// Where the page of a printer is; that of `here` is where we are.
export const homeOf = (id: string, here: string | undefined): string =>
  id === here ? base.href : `${root}printers/${encodeURIComponent(id)}/`;

export const fleet = async (): Promise<Overview[]> =>
  (await askSoon<{ printers: Overview[] }>("api/gantry/printers")).printers;

// Asks a printer for something, whichever this page belongs to.
export async function askPrinter<T = unknown>(
  id: string, method: string, path: string, body?: unknown,
): Promise<T> {
  await beKnown();
  return ask<T>(method, `${root}printers/${encodeURIComponent(id)}/${path}`, body);
}

export async function neighbours(): Promise<{ name: string; url: string }[]> {
  const found = await ask<{ neighbours: Neighbour[] }>("GET", "api/gantry/neighbours");
  return found.neighbours.map(linkTo).filter((each) => each !== null);
}

// What somebody announced on the network is no more than a claim: a name or an address with
// anything else in it is no link.
function linkTo(found: Neighbour): { name: string; url: string } | null {
  const address = found.addresses.find((each) => /^[\d.]+$/.test(each));
  const host = /^[\w.-]+$/.test(found.host) ? found.host.replace(/\.$/, "") : address;
  if (!host || !Number.isInteger(found.port)) return null;
  return { name: found.name, url: `http://${host}:${found.port}/` };
}
