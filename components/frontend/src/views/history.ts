// What was printed, and what waits to be printed.
import { html, nothing } from "lit";
import { ask, encoded } from "../core/api";
import { dateTime, duration, fileName, metres, number, percent } from "../core/format";
import { language, t, type Key } from "../core/i18n";
import { store } from "../core/store";
import { Turns } from "../core/turns";
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
  print_duration: number;
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

interface Week {
  begin: number; // unix seconds
  seconds: number; // of printing
  prints: number;
}

const WEEKS = 12;
const WEEK_S = 7 * 86400;
const firstWeek = () => Math.floor(Date.now() / 1000) - WEEKS * WEEK_S;

function weekly(jobs: Entry[]): Week[] {
  const begin = firstWeek();
  const weeks = Array.from({ length: WEEKS }, (_, index) =>
    ({ begin: begin + index * WEEK_S, seconds: 0, prints: 0 }));
  for (const job of jobs) {
    const week = weeks[Math.floor((job.start_time - begin) / WEEK_S)];
    if (!week) continue;
    week.seconds += job.print_duration;
    week.prints++;
  }
  return weeks;
}

const PAGE = 30;
const RESULTS = ["completed", "cancelled", "error", "interrupted"] as const;
type Result = (typeof RESULTS)[number];

class HistoryView extends View {
  static properties = {
    jobs: { state: true }, totals: { state: true }, queue: { state: true },
    most: { state: true }, only: { state: true }, count: { state: true },
  };
  private weeks: Week[] = [];
  private most = PAGE;
  private only: Result | "" = "";
  private count = 0; // of all jobs
  private jobs: Entry[] | null = null;
  private totals: Record<string, number> | null = null;
  private queue: Queue | null = null;
  private readonly turns = new Turns();
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

  private async load(): Promise<void> {
    if (!store.online) return;
    const news = this.turns.begin();
    const quiet = () => null;
    const [list, totals, queue, recent] = await Promise.all([
      store.call("server.history.list", { limit: this.most }).catch(quiet),
      store.call("server.history.totals").catch(quiet),
      store.call("server.job_queue.status").catch(quiet),
      store.call("server.history.list", { limit: 2000, since: firstWeek() }).catch(quiet),
    ]);
    if (!news()) return;
    this.weeks = weekly(recent?.jobs ?? []);
    this.jobs = list?.jobs ?? [];
    this.count = list?.count ?? 0;
    this.totals = totals?.job_totals ?? null;
    this.queue = queue;
  }

  render() {
    const title = html`<h1 class="page-head">${t("history.title")}</h1>`;
    if (this.jobs === null) {
      return html`${title}
        <p class="quiet" aria-busy=${store.online ? "true" : "false"}>${t("app.loading")}</p>`;
    }
    return html`${title} ${this.numbers()} ${this.waiting()}
      <section class="card" aria-labelledby="jobs-title">
        ${this.jobs.length ? this.choice() : html`<h2 id="jobs-title">${t("history.jobs")}</h2>`}
        ${this.jobs.length
          ? this.past(this.jobs)
          : html`<p class="quiet empty">${icon("history")}<span>${t("history.none")}</span></p>`}
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
    if (!totals?.total_jobs) return nothing;
    const facts: [string, string][] = [
      [t("history.jobs"), number(totals.total_jobs)],
      [t("history.time"), duration(totals.total_print_time)],
      [t("history.filament"), metres(totals.total_filament_used)],
      [t("history.longest"), duration(totals.longest_print)],
    ];
    const ended = (this.jobs ?? []).filter((job) => job.status !== "in_progress");
    const done = ended.filter((job) => job.status === "completed");
    if (ended.length > 2) {
      facts.push([t("history.success", { number: ended.length }), percent(done.length / ended.length)]);
    }
    return html`<section class="card stack" aria-labelledby="numbers-title">
      <h2 id="numbers-title">${t("history.statistics")}</h2>
      <dl class="facts flush">${facts.map(([label, value]) =>
        html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
      ${this.course()}</section>`;
  }

  // Printing time of each of the last weeks, as bars that can be read as a list.
  private course() {
    const most = Math.max(...this.weeks.map(({ seconds }) => seconds));
    if (most <= 0) return nothing;
    const day = (unix: number) =>
      new Date(unix * 1000).toLocaleDateString(language, { day: "numeric", month: "numeric" });
    return html`<p class="quiet small-text" id="weeks">${t("history.weeks")}</p>
      <ol class="weeks" aria-labelledby="weeks">${this.weeks.map(({ begin, seconds, prints }, index) => {
        const said = t("history.week", {
          day: day(begin), time: duration(seconds), number: prints });
        const height = seconds ? Math.max((seconds / most) * 100, 2) : 0;
        return html`<li title=${said}><span class="hidden">${said}</span>
          <svg viewBox="0 0 10 100" preserveAspectRatio="none" aria-hidden="true"><rect
            width="10" height=${height} y=${100 - height}></rect></svg>
          <span class="quiet" aria-hidden="true">${index % 3 === 2 ? day(begin) : ""}</span></li>`;
      })}</ol>`;
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
        ? html`<button type="button" class="small" ?disabled=${!free} aria-label=${t("history.again", {
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
    const path = encoded([...folder, best].join("/"));
    return html`<api-image .path=${`server/files/gcodes/${path}`} alt=""></api-image>`;
  }
}
customElements.define("history-view", HistoryView);
