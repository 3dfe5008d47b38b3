// The dialogue with the printer as it is: who said each line, and what kind of line it is.
import { ask } from "./api";

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

interface Answer {
  last: number;
  lines: Line[];
}

// Follows it: each call adds what is new.
export class Dialogue {
  lines: Line[] = [];
  private last = -1;
  private asking = false;

  constructor(private readonly most: number) {}

  async more(): Promise<boolean> {
    if (this.asking) return false;
    this.asking = true;
    try {
      const answer = await ask<Answer>("GET", `api/gantry/console?after=${this.last}`);
      this.last = answer.last;
      if (!answer.lines.length) return false;
      this.lines = [...this.lines, ...answer.lines].slice(-this.most);
      return true;
    } finally {
      this.asking = false;
    }
  }
}
