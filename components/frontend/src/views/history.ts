// What was printed, and what waits to be printed.
import { html, nothing } from "lit";
import { ask } from "../core/api";
import { dateTime, duration, fileName, metres, number, percent } from "../core/format";
import { t, type Key } from "../core/i18n";
import { store } from "../core/store";
import "../ui/api-image";
import "../ui/hold-button";
import { icon } from "../ui/icons";
import { View } from "../ui/view";

interface Entry {
  job_id: string;
  filename: string;
  status: string;
  start_time: number;
  total_duration: number;
  filament_used: number; // mm
  exists: boolean;
  metadata?: { thumbnails?: { width: number; relative_path: string }[] };
}

interface Queue {
  queue_state: string;
  queued_jobs: { job_id: string; filename: string }[];
}

const TONES: Record<string, string> = {
  completed: "good", error: "bad", interrupted: "bad", in_progress: "busy",
};

const PAGE = 30;
const RESULTS = ["completed", "cancelled", "error", "interrupted"] as const;
type Result = (typeof RESULTS)[number];

class HistoryView extends View {
  static properties = {
    jobs: { state: true }, totals: { state: true }, queue: { state: true },
    most: { state: true }, only: { state: true }, count: { state: true },
  };
  private most = PAGE;
  private only: Result | "" = "";
  private count = 0; // of all jobs
  private jobs: Entry[] | null = null;
  private totals: Record<string, number> | null = null;
  private queue: Queue | null = null;
  private readonly reload = () => void this.load();

  connectedCallback(): void {
    super.connectedCallback();
    store.addEventListener("jobs", this.reload);
    void this.load();
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    store.removeEventListener("jobs", this.reload);
  }

  protected willUpdate(): void {
    if (this.jobs === null && store.online) void this.load();
  }

  private async load(): Promise<void> {
    if (!store.online) return;
    this.jobs ??= [];
    const quiet = () => null;
    const [list, totals, queue] = await Promise.all([
      store.call("server.history.list", { limit: this.most }).catch(quiet),
      store.call("server.history.totals").catch(quiet),
      store.call("server.job_queue.status").catch(quiet),
    ]);
    this.jobs = list?.jobs ?? [];
    this.count = list?.count ?? 0;
    this.totals = totals?.job_totals ?? null;
    this.queue = queue;
  }

  render() {
    return html`<h1 class="page-head">${t("history.title")}</h1>
      ${this.numbers()} ${this.waiting()}
      <section class="card" aria-labelledby="jobs-title">
        ${this.jobs?.length ? this.choice() : html`<h2 id="jobs-title">${t("history.jobs")}</h2>`}
        ${this.jobs?.length ? this.past(this.jobs) : html`<p class="quiet">${t("history.none")}</p>`}
      </section>`;
  }

  private past(jobs: Entry[]) {
    const shown = jobs.filter((job) => !this.only || job.status === this.only);
    return html`${this.table(shown)}
      ${this.count > jobs.length
        ? html`<button type="button" @click=${() => { this.most += PAGE; void this.load(); }}>
            ${t("history.more")}</button>`
        : nothing}`;
  }

  private choice() {
    return html`<div class="row between"><h2 id="jobs-title">${t("history.jobs")}</h2>
      <label class="hidden" for="only">${t("history.result")}</label>
      <select id="only" class="small" @change=${(event: Event) => {
        this.only = (event.target as HTMLSelectElement).value as Result | ""; }}>
        <option value="">${t("history.all")}</option>
        ${RESULTS.map((each) => html`<option value=${each}>${t(`result.${each}`)}</option>`)}
      </select></div>`;
  }

  private again(job: Entry): void {
    void store.attempt(() => ask("POST", "api/gantry/print", { path: job.filename }))
      .then((done) => done && (location.hash = "#/dashboard"));
  }

  private forget(job: Entry): void {
    const gone = () => store.call("server.history.delete_job", { uid: job.job_id });
    void store.attempt(gone).then(this.reload);
  }

  private numbers() {
    const totals = this.totals;
    if (!totals) return nothing;
    const facts: [string, string][] = [
      [t("history.jobs"), number(totals.total_jobs)],
      [t("history.time"), duration(totals.total_print_time)],
      [t("history.filament"), metres(totals.total_filament_used)],
      [t("history.longest"), duration(totals.longest_print)],
    ];
    const ended = (this.jobs ?? []).filter((job) => job.status !== "in_progress");
    const done = ended.filter((job) => job.status === "completed");
    if (ended.length) {
      facts.push([t("history.success", { number: ended.length }), percent(done.length / ended.length)]);
    }
    return html`<section class="card"><dl class="facts flush">${facts.map(([label, value]) =>
      html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl></section>`;
  }

  private waiting() {
    const queue = this.queue;
    if (!queue) return nothing;
    const call = (method: string, params = {}) => () =>
      store.attempt(() => store.call(method, params)).then(this.reload);
    return html`<section class="card stack" aria-labelledby="queue-title">
      <h2 id="queue-title">${t("history.queue")}</h2>
      ${queue.queued_jobs.length
        ? html`<ol class="queue">${queue.queued_jobs.map((job) => html`<li>
            <span class="grow">${fileName(job.filename)}</span>
            <button type="button" class="small" aria-label=${t("history.remove", {
              name: fileName(job.filename) })}
              @click=${call("server.job_queue.delete_job", { job_ids: [job.job_id] })}>
              ${t("people.remove")}</button></li>`)}</ol>
          ${store.may("PRINT")
            ? html`<div class="row">${queue.queue_state === "paused"
                ? html`<button type="button" class="primary" @click=${call("server.job_queue.start")}>
                    ${t("history.startQueue")}</button>`
                : html`<button type="button" @click=${call("server.job_queue.pause")}>
                    ${t("history.pauseQueue")}</button>`}</div>`
            : nothing}`
        : html`<p class="quiet">${t("history.queueEmpty")}</p>`}
    </section>`;
  }

  private table(jobs: Entry[]) {
    const free = store.info?.link === "online" && store.info.phase === "none";
    return html`<ul class="jobs">${jobs.map((job) => html`<li>
      <span class="thumb small-thumb">${this.picture(job)}</span>
      <div class="grow">
        <strong>${fileName(job.filename)}</strong>
        <span class="badge ${TONES[job.status] ?? ""}">${t(`result.${job.status}` as Key)}</span>
        <p class="quiet small-text">${[
          dateTime(job.start_time), duration(job.total_duration),
          job.filament_used > 0 ? metres(job.filament_used) : "",
        ].filter(Boolean).join(" · ")}</p>
      </div>
      ${job.exists && store.may("PRINT")
        ? html`<button type="button" class="small" ?disabled=${!free} aria-label=${t("files.printNamed", {
            name: fileName(job.filename) })} @click=${() => this.again(job)}>${t("dashboard.again")}</button>`
        : nothing}
      ${store.may("ADMIN") && job.status !== "in_progress"
        ? html`<hold-button kind="plain small" .label=${t("people.remove")}
            .name=${t("history.forget", { name: fileName(job.filename) })}
            @confirm=${() => this.forget(job)}></hold-button>`
        : nothing}</li>`)}</ul>`;
  }

  private picture(job: Entry) {
    const best = job.exists ? job.metadata?.thumbnails?.at(-1)?.relative_path : undefined;
    if (!best) return icon("file");
    const folder = job.filename.split("/").slice(0, -1);
    const path = [...folder, ...best.split("/")].map(encodeURIComponent).join("/");
    return html`<api-image .path=${`server/files/gcodes/${path}`} alt=""></api-image>`;
  }
}
customElements.define("history-view", HistoryView);
