// What the page knows, in one place: printer objects as the websocket tells them, the
// printer in Gantry's words, who is logged in. Views read it and are told of changes.
import { ask, askSoon, logOut, Refusal, whoAmI, type User } from "./api";
import { cameras, type Camera } from "./cameras";
import { fleet, type Overview } from "./fleet";
import { inTime, PATIENCE_MS } from "./patience";
import { forgetPictures, pictureOfJob } from "./pictures";
import { presets, type Preset } from "./presets";
import { because } from "./said";
import { Socket } from "./socket";
import { together } from "./together";
import type { Objects, PrinterInfo, Sample } from "./types";

const OBJECTS = [
  "webhooks", "print_stats", "virtual_sdcard", "display_status", "pause_resume",
  "idle_timeout", "toolhead", "motion_report", "gcode_move", "heaters", "extruder",
  "extruder1", "extruder2", "extruder3", "extruder4", "heater_bed", "heater_generic chamber",
  "fan", "exclude_object", "bed_mesh",
];
const REFRESH_MS = 3000;
const SAMPLE_MS = 1000;
const TROUBLES_MS = 60_000;
const KNOCK_MS = 1000;
const PICTURE_MS = 1000; // that a picture may keep the rest waiting
const KEPT_SAMPLES = 1200;
const TELLING = /action:|busy: paused for user/;

export type Phase = "starting" | "login" | "unclaimed" | "open";

export class Store extends EventTarget {
  phase: Phase = "starting";
  user: User = { name: null, permissions: [] };
  online = false;
  everOnline = false;
  absent = false; // Gantry has not answered yet
  deaf = false; // it answers, but lets nobody listen: a proxy that knows no websockets
  objects: Objects = {};
  info: PrinterInfo | null = null;
  picture = ""; // of the file of the job
  fleet: Overview[] = []; // as they were when the connection began
  cameras: Camera[] = []; // likewise
  presets: Preset[] = [];
  components: ReadonlySet<string> = new Set(); // of the server, likewise
  samples: Sample[] = [];
  problem: string | null = null;
  troubles: { id: string; text: string }[] = []; // of the computer
  version: string | null = null; // of the Gantry whose page this is
  newer: string | null = null; // that runs by now
  printerless: string | null = null; // why there is no printer to show

  readonly socket = new Socket(
    () => this.begin(),
    (method, params) => this.hear(method, params),
    () => void this.lost(),
  );
  private timer: number | undefined;
  private sampler: number | undefined;
  private readonly woken = () => {
    if (document.hidden) return;
    if (this.phase === "open") void this.refresh();
    else if (this.phase === "login") void this.readmit();
  };
  private watcher: number | undefined;
  private knock: number | undefined;

  constructor() {
    super();
    document.addEventListener("visibilitychange", this.woken);
  }

  // Whether Gantry is there; without a printer there is nothing to be told of by a socket.
  get answers(): boolean {
    return this.online || this.printerless !== null;
  }

  may(permission: string): boolean {
    const mine = this.user.permissions;
    return mine.includes("ADMIN") || mine.includes(permission);
  }

  async open(): Promise<void> {
    this.problem = null;
    clearTimeout(this.knock);
    const late = setTimeout(() => this.miss(), PATIENCE_MS);
    try {
      this.user = await whoAmI();
      this.absent = false;
    } catch (error) {
      const status = error instanceof Refusal ? error.status : 0;
      if (status === 0 || status >= 500) {
        this.knock = window.setTimeout(() => void this.open(), KNOCK_MS);
        return this.miss();
      }
      const unclaimed = error instanceof Refusal && /claimed/.test(error.text);
      this.phase = unclaimed ? "unclaimed" : "login";
      return this.changed();
    } finally {
      clearTimeout(late);
    }
    if (!this.may("STATUS")) this.phase = "login";
    else {
      // Known before anything is drawn: what comes later moves what stands below it.
      const answer = this.online || new Promise(
        (told) => this.addEventListener("settled", told, { once: true }));
      this.socket.start();
      await inTime(Promise.all([this.refresh(), this.meet(), answer]));
      this.phase = "open";
      const look = () => {
        if (!document.hidden && this.phase === "open") void this.refresh();
      };
      this.timer ??= window.setInterval(look, REFRESH_MS);
      this.watcher ??= window.setInterval(() => {
        if (!document.hidden && this.answers) void this.loadTroubles();
      }, TROUBLES_MS);
      this.sampler ??= window.setInterval(() => {
        if (this.online && heaterNames(this.objects).length) this.sample();
      }, SAMPLE_MS);
    }
    this.changed();
  }

  private miss(): void {
    this.absent = true;
    this.changed();
  }

  async leave(): Promise<void> {
    await this.attempt(logOut);
    this.close();
  }

  close(): void {
    this.socket.stop();
    this.online = this.everOnline = this.deaf = false;
    this.objects = {};
    this.info = this.printerless = null;
    this.picture = "";
    this.fleet = [];
    this.cameras = [];
    this.presets = [];
    this.samples = [];
    this.troubles = [];
    forgetPictures();
    this.user = { name: null, permissions: [] };
    this.phase = "login";
    this.changed();
  }

  // Does something that a person wished; says so if it does not work.
  async attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      this.problem = null;
      void this.refresh();
      return true;
    } catch (error) {
      this.problem = because(error);
      return false;
    } finally {
      this.changed();
    }
  }

  call = <T = any>(method: string, params: object = {}) => this.socket.call<T>(method, params);
  gcode = (script: string) => this.call("printer.gcode.script", { script });

  changed(): void {
    this.dispatchEvent(new Event("change"));
  }

  readonly refresh = together(async (): Promise<void> => {
    try {
      const info = await askSoon<PrinterInfo>("api/gantry/printer");
      if (!this.may("STATUS")) return; // somebody has left meanwhile
      const same = info.job?.file === this.info?.job?.file;
      let picture = same ? this.picture : "";
      await inTime(pictureOfJob(info.job).then((found) => (picture = found)), PICTURE_MS);
      // Both at once: the picture of one file beside the name of another would be a lie.
      this.info = info;
      this.picture = picture;
      this.printerless = null;
    } catch (error) {
      // for the rest the socket finds out whether anybody is there
      const none = error instanceof Refusal && error.status === 404;
      this.printerless = none ? error.message : null;
      const refused = error instanceof Refusal && [401, 403].includes(error.status);
      if (refused && this.phase === "open") void this.recognise();
      if (none) void this.loadTroubles(); // no socket tells that Gantry was started again
    }
    this.changed();
  });

  // Who and what is there beside the printer: known again after each connection.
  readonly meet = together(async (): Promise<void> => {
    await Promise.all([
      this.learn(fleet(), (found) => (this.fleet = found)),
      this.learn(this.may("WEBCAM") ? cameras() : none(), (found) => (this.cameras = found)),
      this.learnPresets(),
    ]);
  });

  learnPresets(): Promise<void> {
    const found = this.may("SETTINGS_READ") ? presets() : none();
    return this.learn(found, (all) => (this.presets = all));
  }

  private learn<T>(answer: Promise<T>, take: (found: T) => void): Promise<void> {
    return answer.then(take, () => undefined) // what was known stays
      .then(() => this.changed());
  }

  private async begin(): Promise<void> {
    const rest = Promise.all([this.refresh(), this.meet(), this.loadTroubles()]);
    const [temperatures, about] = await Promise.all([
      this.call("server.temperature_store"), this.call("server.info"), this.subscribe(),
      inTime(rest),
    ]);
    if (!this.socket.open) return; // somebody has left meanwhile
    this.deaf = false;
    this.samples = remembered(temperatures);
    this.components = new Set(about.components);
    this.online = this.everOnline = true;
    // what happened while nobody listened
    for (const what of ["files", "jobs", "power"]) this.dispatchEvent(new Event(what));
    this.settled();
    this.changed();
  }

  // It is known whether somebody answers.
  private settled(): void {
    this.dispatchEvent(new Event("settled"));
  }

  private async loadTroubles(): Promise<void> {
    const found = await ask<{ version: string; troubles: Store["troubles"] }>(
      "GET", "api/gantry/health").catch(() => null);
    if (found === null) return;
    this.version ??= found.version;
    this.newer = this.outdated(found.version) ? found.version : null;
    if (this.newer || found.troubles.length + this.troubles.length) {
      this.troubles = found.troubles;
      this.changed();
    }
  }

  // Whether this page was loaded from another release than the one that runs.
  outdated(running: string): boolean {
    return this.version !== null && this.version !== running;
  }

  private async subscribe(): Promise<void> {
    const objects = Object.fromEntries(OBJECTS.map((name) => [name, null]));
    try {
      const answer = await this.call("printer.objects.subscribe", { objects });
      this.objects = answer.status;
    } catch {
      this.objects = {}; // the printer is not connected
    }
  }

  private hear(method: string, params: any[]): void {
    if (method === "notify_status_update") this.merge(params[0]);
    else if (method === "notify_gcode_response") {
      if (TELLING.test(String(params[0]))) void this.refresh();
    } else if (method.startsWith("notify_klippy_")) {
      void this.subscribe().then(() => this.refresh());
    } else if (method === "notify_filelist_changed" || method === "notify_metadata_update") {
      forgetPictures();
      this.dispatchEvent(new Event("files"));
    } else if (method === "notify_webcams_changed") {
      void this.meet();
    } else if (method === "notify_power_changed") {
      this.dispatchEvent(new Event("power"));
    } else if (method === "notify_sensor_update") {
      this.dispatchEvent(new CustomEvent("sensors", { detail: params[0] }));
      return; // once a second, and of no concern to others
    } else if (method === "notify_history_changed" || method === "notify_job_queue_changed") {
      this.dispatchEvent(new Event("jobs"));
      void this.refresh();
    }
    this.changed();
  }

  private merge(update: Objects): void {
    const before = this.objects.print_stats?.state;
    const objects: Objects = { ...this.objects };
    for (const [name, fields] of Object.entries(update)) {
      objects[name] = { ...objects[name], ...fields };
    }
    this.objects = objects;
    if (objects.print_stats?.state !== before) void this.refresh();
  }

  private sample(): void {
    const now = Date.now() / 1000;
    const heaters: Sample["heaters"] = {};
    for (const name of heaterNames(this.objects)) {
      heaters[name] = { ...this.objects[name] } as Sample["heaters"][string];
    }
    this.samples = [...this.samples.slice(-KEPT_SAMPLES + 1), { time: now, heaters }];
    if (!document.hidden) this.changed();
  }

  private async lost(): Promise<void> {
    this.online = false;
    this.settled();
    this.changed();
    if (this.phase === "open" && (await this.recognise()) && !this.online && !this.everOnline) {
      this.deaf = true;
      this.changed();
    }
  }

  // Asks who is there by now, who may have left in another tab; says whether anybody answered.
  private async recognise(): Promise<boolean> {
    try {
      const user = await whoAmI();
      if (this.phase !== "open") return false;
      this.user = user;
      if (!this.may("STATUS")) this.close();
      return this.may("STATUS");
    } catch (error) {
      if (error instanceof Refusal && [401, 403].includes(error.status)) this.close();
      return false;
    }
  }

  // Who has come in by another tab need not do so here again.
  private async readmit(): Promise<void> {
    const user = await whoAmI().catch(() => null);
    if (user?.permissions.length && this.phase === "login") await this.open();
  }
}

const none = async (): Promise<never[]> => [];

export const heaterNames = (objects: Objects): string[] =>
  Object.keys(objects).filter(
    (name) =>
      /^(extruder\d*|heater_bed|heater_generic .+)$/.test(name) && "temperature" in objects[name],
  );

function remembered(store: Record<string, { temperatures: number[]; targets?: number[] }>) {
  const names = Object.keys(store).filter((name) => !name.startsWith("temperature_sensor"));
  const length = Math.max(0, ...names.map((name) => store[name].temperatures.length));
  const now = Date.now() / 1000;
  return Array.from({ length }, (_, index): Sample => {
    const heaters: Sample["heaters"] = {};
    for (const name of names) {
      const { temperatures, targets } = store[name];
      heaters[name] = {
        temperature: temperatures[index] ?? null,
        target: targets?.[index] ?? null,
      };
    }
    return { time: now - (length - 1 - index), heaters };
  });
}

export const store = new Store();
