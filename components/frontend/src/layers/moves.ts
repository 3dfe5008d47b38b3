// G-code of a layer as moves that can be drawn. Pure: text in, numbers out.

// What a move is for; the index is its colour. Slicers say it in comments.
export const KINDS = [
  "travel", "outer", "inner", "infill", "solid", "support", "skirt", "bridge", "other",
] as const;
export const TRAVEL = 0;
const OTHER = KINDS.indexOf("other");

// The first that matches: "Solid infill" is solid, "Support interface" is support.
const WORDS: [RegExp, (typeof KINDS)[number]][] = [
  [/support/i, "support"],
  [/skirt|brim|raft|adhesion|prime|wipe tower/i, "skirt"],
  [/bridge|overhang/i, "bridge"],
  [/skin|solid|top|bottom|ironing/i, "solid"],
  [/fill|gap/i, "infill"],
  [/outer|external/i, "outer"],
  [/wall|perimeter|inner/i, "inner"],
];
const TYPE = /^;\s*(?:TYPE|FEATURE)\s*:\s*(.+)$/;
const ARC_MM = 1; // the length of a piece of an arc

// How the next line is understood. NaN: not known yet.
export interface Modes {
  absolute: boolean;
  absoluteE: boolean;
  x: number;
  y: number;
  e: number;
  kind: number;
}

export const unknownModes = (): Modes => ({
  absolute: true, absoluteE: true, x: NaN, y: NaN, e: NaN, kind: OTHER,
});

// Move number i goes from point i - 1 to point i; point 0 is where the layer begins.
export interface Moves {
  points: Float32Array; // x, y in mm
  kinds: Uint8Array;
  bytes: Uint32Array; // where in the file the move stands
}

class Growing {
  private points = new Float32Array(2048);
  private kinds = new Uint8Array(1024);
  private bytes = new Uint32Array(1024);
  private count = 0;

  add(x: number, y: number, kind: number, byte: number): void {
    if (this.count === this.kinds.length) this.grow();
    this.points[this.count * 2] = x;
    this.points[this.count * 2 + 1] = y;
    this.kinds[this.count] = kind;
    this.bytes[this.count++] = byte;
  }

  done(): Moves {
    return {
      points: this.points.slice(0, this.count * 2),
      kinds: this.kinds.slice(0, this.count),
      bytes: this.bytes.slice(0, this.count),
    };
  }

  private grow(): void {
    const twice = <T extends Float32Array | Uint8Array | Uint32Array>(old: T, fresh: T): T => {
      fresh.set(old);
      return fresh;
    };
    this.points = twice(this.points, new Float32Array(this.points.length * 2));
    this.kinds = twice(this.kinds, new Uint8Array(this.kinds.length * 2));
    this.bytes = twice(this.bytes, new Uint32Array(this.bytes.length * 2));
  }
}

// Reads text that begins at byte `start`; a character is a byte. `modes` goes on with it.
export function read(text: string, start: number, modes: Modes): Moves {
  const found = new Growing();
  found.add(modes.x, modes.y, TRAVEL, start);
  let at = 0;
  while (at < text.length) {
    let end = text.indexOf("\n", at);
    if (end < 0) end = text.length;
    line(text.slice(at, end), start + at, modes, found);
    at = end + 1;
  }
  return found.done();
}

function line(whole: string, byte: number, modes: Modes, found: Growing): void {
  const text = whole.trimStart();
  const first = text.charCodeAt(0) | 32;
  if (text[0] === ";") {
    const type = TYPE.exec(text.trimEnd());
    if (type) modes.kind = kindOf(type[1]);
  } else if (first === 103 || first === 109) { // g, m
    const words = wordsOf(text);
    if (first === 109) extruderMode(words.get("M"), modes);
    else command(words, byte, modes, found);
  }
}

const kindOf = (type: string): number => {
  const word = WORDS.find(([pattern]) => pattern.test(type));
  return word ? KINDS.indexOf(word[1]) : OTHER;
};

function wordsOf(text: string): Map<string, number> {
  const words = new Map<string, number>();
  const code = text.split(";", 1)[0];
  for (const match of code.matchAll(/([A-Za-z])\s*(-?\d*\.?\d+)/g)) {
    const letter = match[1].toUpperCase();
    if (!words.has(letter)) words.set(letter, Number(match[2]));
  }
  return words;
}

function extruderMode(number: number | undefined, modes: Modes): void {
  if (number === 82) modes.absoluteE = true;
  else if (number === 83) modes.absoluteE = false;
}

function command(
  words: Map<string, number>, byte: number, modes: Modes, found: Growing,
): void {
  switch (words.get("G")) {
    case 0:
    case 1:
    case 2:
    case 3:
      return move(words, byte, modes, found);
    case 28:
      modes.x = modes.y = NaN;
      return;
    case 90:
    case 91: // of Marlin: the extruder, too
      modes.absolute = modes.absoluteE = words.get("G") === 90;
      return;
    case 92:
      modes.x = words.get("X") ?? modes.x;
      modes.y = words.get("Y") ?? modes.y;
      modes.e = words.get("E") ?? modes.e;
  }
}

function move(words: Map<string, number>, byte: number, modes: Modes, found: Growing): void {
  const to = (now: number, told: number | undefined) =>
    told === undefined ? now : modes.absolute ? told : now + told;
  const [x, y] = [to(modes.x, words.get("X")), to(modes.y, words.get("Y"))];
  const kind = pushes(words.get("E"), modes) ? modes.kind : TRAVEL;
  const turn = words.get("G")!;
  if (turn > 1) arc(words, x, y, turn === 2, kind, byte, modes, found);
  if (x !== modes.x || y !== modes.y) found.add(x, y, kind, byte);
  modes.x = x;
  modes.y = y;
}

function pushes(told: number | undefined, modes: Modes): boolean {
  if (told === undefined) return false;
  if (!modes.absoluteE) return told > 0;
  const before = modes.e;
  modes.e = told;
  return Number.isNaN(before) ? told > 0 : told > before;
}

// The pieces of an arc before its end point.
function arc(
  words: Map<string, number>, x: number, y: number, clockwise: boolean,
  kind: number, byte: number, modes: Modes, found: Growing,
): void {
  const [i, j] = [words.get("I"), words.get("J")];
  if (i === undefined && j === undefined) return; // by radius: drawn as a line
  const [cx, cy] = [modes.x + (i ?? 0), modes.y + (j ?? 0)];
  const radius = Math.hypot(modes.x - cx, modes.y - cy);
  const from = Math.atan2(modes.y - cy, modes.x - cx);
  let sweep = Math.atan2(y - cy, x - cx) - from;
  if (clockwise && sweep >= -1e-9) sweep -= 2 * Math.PI;
  if (!clockwise && sweep <= 1e-9) sweep += 2 * Math.PI;
  const pieces = Math.min(Math.ceil((Math.abs(sweep) * radius) / ARC_MM), 360);
  for (let piece = 1; piece < pieces; piece++) {
    const angle = from + (sweep * piece) / pieces;
    found.add(cx + radius * Math.cos(angle), cy + radius * Math.sin(angle), kind, byte);
  }
}
