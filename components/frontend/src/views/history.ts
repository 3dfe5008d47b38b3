// What was printed, and what waits to be printed.
import { html, nothing } from "lit";
import { dateTime, duration, fileName, metres, number } from "../core/format";
import { t, type Key } from "../core/i18n";
import { store } from "../core/store";
import { View } from "../ui/view";

interface Entry {
  job_id: string;
  filename: string;
  status: string;
  start_time: number;
  total_duration: number;
}

interface Queue {
  queue_state: string;
  queued_jobs: { job_id: string; filename: string }[];
}

const TONES: Record<string, string> = {
  completed: "good", error: "bad", interrupted: "bad", in_progress: "busy",
};

class HistoryView extends View {
  static properties = { jobs: { state: true }, totals: { state: true }, queue: { state: true } };
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
      store.call("server.history.list", { limit: 50 }).catch(quiet),
      store.call("server.history.totals").catch(quiet),
      store.call("server.job_queue.status").catch(quiet),
    ]);
    this.jobs = list?.jobs ?? [];
    this.totals = totals?.job_totals ?? null;
    this.queue = queue;
  }

  render() {
    return html`<h1 class="page-head">${t("history.title")}</h1>
      ${this.numbers()} ${this.waiting()}
      <section class="card" aria-labelledby="jobs-title">
        <h2 id="jobs-title">${t("history.jobs")}</h2>
        ${this.jobs?.length ? this.table(this.jobs) : html`<p class="quiet">${t("history.none")}</p>`}
      </section>`;
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
    return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="jobs-title"><table>
      <thead><tr><th scope="col">${t("history.file")}</th><th scope="col">${t("history.result")}</th>
        <th scope="col">${t("history.started")}</th><th scope="col">${t("history.took")}</th></tr></thead>
      <tbody>${jobs.map((job) => html`<tr>
        <td>${fileName(job.filename)}</td>
        <td><span class="badge ${TONES[job.status] ?? ""}">${t(`result.${job.status}` as Key)}</span></td>
        <td>${dateTime(job.start_time)}</td><td>${duration(job.total_duration)}</td></tr>`)}
      </tbody></table></div>`;
  }
}
customElements.define("history-view", HistoryView);
