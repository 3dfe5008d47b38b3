// What can stand at a place of configuration.yaml, by the schema that the server tells.

export interface Described {
  type: string;
  description?: string;
  default?: string | number | boolean;
  required?: boolean;
  words?: string[];
  least?: number;
  most?: number;
  options?: Record<string, Described>;
  items?: Described;
}

export interface Schema {
  sections: Record<string, Described>;
  printer: Record<string, Described>;
  platforms: Record<string, Record<string, Described>>;
}

export interface Place {
  kind: "key" | "value";
  from: number; // column where the word begins
  options: Record<string, Described>; // of keys
  value: Described | null; // of a value
}

interface Line {
  indent: number; // of the key, behind dashes
  key: string;
}

const LINE = /^(\s*(?:- +)*)([\w.*-]+):(?:\s|$)/;
const TYPING = /^(\s*(?:- +)*)([\w-]*)$/;
const VALUE = /^(\s*(?:- +)*)([\w-]+):\s+(\S*)$/;

const blank = (line: string) => /^\s*(#|$)/.test(line);

function keyOf(line: string): Line | null {
  const match = LINE.exec(line);
  return match ? { indent: match[1].length, key: match[2] } : null;
}

// The keys above a line that is indented so far, the outermost first.
function parents(lines: string[], index: number, indent: number): { key: string; at: number }[] {
  const found: { key: string; at: number }[] = [];
  let depth = indent;
  for (let at = index - 1; at >= 0 && depth > 0; at--) {
    if (blank(lines[at])) continue;
    const line = keyOf(lines[at]);
    const dash = /^\s*/.exec(lines[at])![0].length;
    if (line === null) continue;
    if (line.indent < depth) {
      found.unshift({ key: line.key, at });
      depth = line.indent;
    }
    // Below a dash the key before belongs to the same entry; what stands above the dash is next.
    if (line.indent === depth && dash < depth) depth = Math.min(depth, dash + 1);
  }
  return found;
}

// The options of a printer are those of every printer and those of its platform.
function printerOptions(schema: Schema, lines: string[], index: number): Record<string, Described> {
  const begins = (line: string) => /^\s*- /.test(line) || /^\S/.test(line);
  const own = (line: string) => /^\s*(?:- +)*platform:\s*(\w+)/.exec(line)?.[1];
  let first = index;
  while (first > 0 && !begins(lines[first])) first--;
  let platform: string | undefined;
  for (let at = first; at < lines.length && (at === first || !begins(lines[at])); at++) {
    platform ??= own(lines[at]);
  }
  const options = platform ? schema.platforms[platform] : undefined;
  return { ...schema.printer, ...(options ?? {}) };
}

function inside(described: Described | undefined): Record<string, Described> {
  if (!described) return {};
  return described.options ?? inside(described.items);
}

function optionsAt(
  schema: Schema, lines: string[], index: number, path: { key: string; at: number }[],
): Record<string, Described> {
  if (!path.length) return { ...schema.sections, printer: PRINTER };
  const [section, ...rest] = path;
  let options = section.key === "printer"
    ? printerOptions(schema, lines, index)
    : inside(schema.sections[section.key]);
  for (const { key } of rest) options = inside(options[key] ?? options["*"]);
  return options;
}

const PRINTER: Described = { type: "list" };

export function placeAt(schema: Schema, text: string, index: number, column: number): Place | null {
  const lines = text.split("\n");
  const before = lines[index].slice(0, column);
  const typing = TYPING.exec(before);
  if (typing) {
    const indent = typing[1].length;
    const options = { ...optionsAt(schema, lines, index, parents(lines, index, indent)) };
    delete options["*"];
    return { kind: "key", from: indent, options, value: null };
  }
  const valued = VALUE.exec(before);
  if (!valued) return null;
  const path = parents(lines, index, valued[1].length);
  const options = optionsAt(schema, lines, index, path);
  const value = options[valued[2]] ?? options["*"] ?? null;
  return value && { kind: "value", from: column - valued[3].length, options: {}, value };
}

export function wordsOf(value: Described): string[] {
  if (value.words) return value.words;
  if (value.type === "boolean") return ["true", "false"];
  return value.default === undefined || value.default === "" ? [] : [String(value.default)];
}
