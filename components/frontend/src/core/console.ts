// The dialogue with the printer as it is: who said each line, and what kind of line it is.
import { at, credentials } from "./api";

export interface Line {
  number: number;
  time: number;
  direction: "sent" | "received" | "note";
  text: string;
  origin: string; // who sent it: a person or app, "job", "poll", ...
}

// What most people do not want to read most of the time.
export type Kind = "talk" | "report" | "ok" | "job";

const CONFIRMATIONS = /^(?:ok(?: [NPB]\d+)*\s*$|wait\s*$|echo:\s*busy)/i;
const REPORTS =
  /^(?:ok )?\s*(?:(?:T\d*|B|C):\s*-?[\d.]|X:-?[\d.]+ Y:|(?:Not )?SD printing|\/\/\s*action:)/i;
const ASKING = new Set(["poll", "probe", "watchdog", "sd"]);

export function kindOf({ direction, text, origin }: Line): Kind {
  if (direction === "sent") {
    return origin === "job" ? "job" : ASKING.has(origin) ? "report" : "talk";
  }
  if (CONFIRMATIONS.test(text)) return "ok";
  return REPORTS.test(text) ? "report" : "talk";
}

interface Batch {
  last: number;
  lines: Line[];
}

const BLOCK = 100; // lines that are drawn, and forgotten, together
const AGAIN_MS = 1500;

// Follows it for as long as somebody looks: lines come as they are said. A page that nobody
// sees hears nothing, and gets what it has missed when it is seen again.
export class Dialogue {
  blocks: Line[][] = []; // a block that has changed is another array
  private last = -1;
  private ending: AbortController | null = null;
  private wanted = false;
  private timer: number | undefined;

  constructor(
    private readonly most: number,
    private readonly onMore: () => void,
  ) {}

  start(): void {
    this.wanted = true;
    document.addEventListener("visibilitychange", this.seen);
    this.seen();
  }

  stop(): void {
    this.wanted = false;
    document.removeEventListener("visibilitychange", this.seen);
    this.seen();
  }

  clear(): void {
    this.blocks = [];
    this.onMore();
  }

  get lines(): Line[] {
    return this.blocks.flat();
  }

  private readonly seen = () => {
    if (!this.wanted || document.hidden) {
      clearTimeout(this.timer);
      this.ending?.abort();
      this.ending = null;
    } else if (this.ending === null) void this.follow();
  };

  private async follow(): Promise<void> {
    const ending = (this.ending = new AbortController());
    try {
      await this.hear(ending.signal);
    } catch {
      // nobody there: below it is tried again
    }
    if (this.ending !== ending) return;
    this.timer = window.setTimeout(() => {
      this.ending = null;
      this.seen();
    }, AGAIN_MS);
  }

  private async hear(signal: AbortSignal): Promise<void> {
    const url = at(`api/gantry/console/stream?after=${this.last}`);
    const response = await fetch(url, { headers: credentials(), signal });
    if (!response.ok || !response.body) return;
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const events = (text + value).split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) {
        if (event.startsWith("data: ")) this.take(JSON.parse(event.slice(6)) as Batch);
      }
    }
  }

  private take({ last, lines }: Batch): void {
    this.last = last;
    if (!lines.length) return;
    const blocks = [...this.blocks];
    for (let done = 0; done < lines.length; ) {
      const room = BLOCK - (blocks.at(-1)?.length ?? BLOCK);
      const before = room ? blocks.pop()! : [];
      const more = lines.slice(done, done + (room || BLOCK));
      blocks.push([...before, ...more]);
      done += more.length;
    }
    this.blocks = blocks.slice(-Math.ceil(this.most / BLOCK));
    this.onMore();
  }
}
