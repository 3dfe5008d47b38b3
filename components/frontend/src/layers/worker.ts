// Fetches layers of a file, only the bytes that are wanted, and reads their moves. In a
// thread of its own, so that a large layer holds up nothing.
import { read, unknownModes, type Modes, type Moves } from "./moves";

export interface Opened {
  id: number; // answers carry it: what comes late belongs to a file of before
  url: string;
  headers: Record<string, string>;
  size: number; // bytes of the file
  starts: number[]; // byte at which each layer begins
}

export type Wish = { open: Opened } | { layer: number };
export type Answer =
  | { id: number; layer: number; moves: Moves; before: Moves | null }
  | { id: number; layer: number; error: string };

interface Layer {
  moves: Moves;
  end: Modes;
}

const KEPT = 8;
const MOST_BYTES = 48 * 1024 * 1024; // of one layer
const HEAD_BYTES = 1024 * 1024;
const thread = self as unknown as {
  onmessage: (event: MessageEvent<Wish>) => void;
  postMessage(answer: Answer, transfer: Transferable[]): void;
};

let file: Opened | null = null;
let head: Promise<Modes> | null = null;
const kept = new Map<number, Layer>();

async function bytes(from: number, to: number): Promise<string> {
  const { url, headers } = file!;
  if (to - from > MOST_BYTES) throw new Error("this layer is too large to be drawn");
  if (to <= from) return "";
  const response = await fetch(url, {
    headers: { ...headers, Range: `bytes=${from}-${to - 1}` },
    credentials: "same-origin",
  });
  if (response.status !== 206) throw new Error(`HTTP ${response.status}`);
  return new TextDecoder("latin1").decode(await response.arrayBuffer());
}

// What the lines before the first layer leave behind.
async function modesOfHead(): Promise<Modes> {
  const modes = unknownModes();
  read(await bytes(0, Math.min(file!.starts[0], HEAD_BYTES)), 0, modes);
  return modes;
}

const endOf = (layer: number) => file!.starts[layer + 1] ?? file!.size;

async function get(layer: number): Promise<Layer> {
  const known = kept.get(layer);
  if (known) return known;
  const from = file!.starts[layer];
  const text = bytes(from, endOf(layer));
  const modes = await modesBefore(layer);
  const moves = read(await text, from, modes);
  const found = { moves, end: modes };
  kept.set(layer, found);
  if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
  return found;
}

// A layer that was not read leaves no position behind; absolute or relative stays as it was.
async function modesBefore(layer: number): Promise<Modes> {
  head ??= modesOfHead();
  const first = await head;
  const before = kept.get(layer - 1)?.end;
  if (before || layer === 0) return { ...(before ?? first) };
  const { absolute, absoluteE } = first;
  return { ...unknownModes(), absolute, absoluteE };
}

async function show(layer: number): Promise<void> {
  const { id } = file!;
  try {
    const before = layer ? await get(layer - 1) : null;
    const { moves } = await get(layer);
    thread.postMessage({ id, layer, moves, before: before?.moves ?? null }, []);
  } catch (error) {
    head = null;
    const message = error instanceof Error ? error.message : String(error);
    thread.postMessage({ id, layer, error: message }, []);
  }
}

thread.onmessage = ({ data }) => {
  if ("open" in data) {
    file = data.open;
    head = null;
    kept.clear();
  } else if (file) void show(data.layer);
};
