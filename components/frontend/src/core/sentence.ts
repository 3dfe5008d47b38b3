// The state of a printer in one sentence, and the job that it tells of.
import { clock, duration, fileName, percent } from "./format";
import { t } from "./i18n";
import { fault as told } from "./said";
import type { Job, Objects, PrinterInfo } from "./types";

export type Tone = "idle" | "busy" | "waiting" | "good" | "bad";

export interface State {
  word: string; // two or three words for a badge
  sentence: string;
  tone: Tone;
  job: Job | null; // only while one holds the printer
}

const ACTIVE = new Set([
  "preparing", "printing", "pausing", "paused", "resuming", "cancelling", "finishing",
]);

// What of a printer the sentence is made of.
type Told = Pick<PrinterInfo, "name" | "link" | "phase" | "fault" | "job">;

export function stateOf(info: Told | null, objects: Objects): State {
  if (info === null) return plain("state.unknown", "state.unknown", "idle", "");
  const name = info.name;
  if (info.link !== "online") return withoutLink(info);
  const job = info.job;
  if (job && ACTIVE.has(info.phase)) return { ...printing(info, job, objects), job };
  if (job?.result && job.result !== "complete") {
    const sentence = job.result === "failed" ? "sentence.failed.job" : `sentence.${job.result}`;
    const state = plain(`state.${job.result}`, sentence, "bad", name, job);
    return job.result === "cancelled" ? { ...state, tone: "idle" } : state;
  }
  if (job?.result === "complete") {
    return plain("state.complete", "sentence.complete", "good", name, job);
  }
  return plain("state.ready", "sentence.ready", "good", name);
}

function withoutLink(info: Told): State {
  const fault = told(info.fault?.message);
  switch (info.link) {
    case "offline":
      return plain("state.offline", "sentence.offline", "idle", info.name);
    case "halted":
      return {
        word: t("state.halted"),
        sentence: t("sentence.halted", { name: info.name }),
        tone: "bad",
        job: null,
      };
    case "failed":
      return {
        word: t("state.failed"),
        sentence: t("sentence.failed", { name: info.name, fault }),
        tone: "bad",
        job: null,
      };
    default:
      return plain("state.connecting", "sentence.connecting", "busy", info.name);
  }
}

function printing(info: Told, job: Job, objects: Objects): Omit<State, "job"> {
  const file = fileName(job.file);
  const share = percent(completion(job, objects));
  if (info.phase === "paused") {
    return {
      word: t("state.paused"),
      sentence: t("sentence.paused", { file, share }),
      tone: "waiting",
    };
  }
  if (info.phase !== "printing") {
    const phase = info.phase as "preparing";
    return { word: t(`state.${phase}`), sentence: t(`sentence.${phase}`, { file }), tone: "busy" };
  }
  const parts = [t("sentence.printing", { file })];
  const layer = objects.print_stats?.info?.current_layer ?? job.layer;
  const layers = objects.print_stats?.info?.total_layer ?? job.layers;
  if (layer && layers) parts.push(t("sentence.layer", { layer, layers }));
  if (job.left_s !== null) {
    parts.push(t("sentence.until", { time: clock(Date.now() / 1000 + job.left_s) }));
  } else parts.push(share);
  return { word: t("state.printing"), sentence: parts.join(", "), tone: "busy" };
}

export const completion = (job: Job | null, objects: Objects): number =>
  objects.virtual_sdcard?.progress || job?.completion || 0;

function plain(word: string, sentence: string, tone: Tone, name: string, job?: Job): State {
  const values = {
    name,
    file: job ? fileName(job.file) : "",
    time: job ? duration(job.printing_s) : "",
    cause: told(job?.cause),
  };
  type Any = Parameters<typeof t>[0];
  return { word: t(word as Any), sentence: t(sentence as Any, values), tone, job: null };
}
