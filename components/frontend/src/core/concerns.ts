// What a person should do something about, out of all the numbers of health.
import { bytes, number } from "./format";
import { t, type Key } from "./i18n";
import { fault as told, refusal } from "./said";

export interface Health {
  version: string;
  uptime_s: number;
  failed_components: Record<string, string>;
  websockets: number;
  clock_is_set: boolean;
  clock_is_synchronised: boolean | null;
  loop_lag_ms: number;
  disk: { total: number; free: number };
  host: {
    cpus: number | null;
    load: number[];
    memory_total: number | null;
    memory_available: number | null;
    uptime_s: number | null;
    cpu_c: number | null;
    throttled: { now: string[]; earlier: string[] } | null;
  };
  printers: {
    id: string;
    name: string;
    link: string;
    fault: { message: string; advice: string | null } | null;
    health: Record<string, number | null>;
  }[];
}

export interface Concern {
  tone: "bad" | "waiting";
  text: string;
}

const LITTLE_DISK = 500e6; // bytes: a large file and its thumbnails
const LITTLE_MEMORY = 0.08; // of all
const HOT_C = 80; // where a Raspberry Pi begins to slow down
const LAG_MS = 100;
const RESENDS = 0.01; // of all lines
const MEANINGFUL = 200; // lines

export function concerns(health: Health): Concern[] {
  return [...appliance(health), ...host(health), ...health.printers.flatMap((each) => [...cable(each)])];
}

const bad = (text: string): Concern => ({ tone: "bad", text });
const careful = (text: string): Concern => ({ tone: "waiting", text });

function* appliance(health: Health): Generator<Concern> {
  for (const [name, why] of Object.entries(health.failed_components)) {
    yield bad(t("concern.failed", { name, why: refusal(why) }));
  }
  if (!health.clock_is_set) yield bad(t("health.clockUnset"));
  if (health.loop_lag_ms > LAG_MS) {
    yield careful(t("concern.lag", { ms: number(health.loop_lag_ms) }));
  }
}

function* host(health: Health): Generator<Concern> {
  const { host } = health;
  if (health.disk.free < LITTLE_DISK) yield bad(t("concern.disk", { free: bytes(health.disk.free) }));
  const { memory_available: free, memory_total: all } = host;
  if (free !== null && all && free / all < LITTLE_MEMORY) {
    yield careful(t("concern.memory", { free: bytes(free) }));
  }
  if (host.cpu_c !== null && host.cpu_c >= HOT_C) {
    yield careful(t("concern.hot", { degrees: number(host.cpu_c) }));
  }
  for (const what of host.throttled?.now ?? []) yield bad(t(`throttled.${what}` as Key));
  for (const what of host.throttled?.earlier ?? []) {
    if (!host.throttled?.now.includes(what)) {
      yield careful(t("concern.earlier", { what: t(`throttled.${what}` as Key) }));
    }
  }
}

function* cable(printer: Health["printers"][number]): Generator<Concern> {
  const { name, fault, health } = printer;
  if (fault) yield bad(`${name}: ${told(fault.message)} ${told(fault.advice)}`.trim());
  if ((health.lines_sent ?? 0) > MEANINGFUL && (health.resend_ratio ?? 0) > RESENDS) {
    const share = number((health.resend_ratio ?? 0) * 100, 1);
    yield careful(t("concern.resends", { name, share }));
  }
}
