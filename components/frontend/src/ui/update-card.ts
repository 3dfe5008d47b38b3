// Updates of Gantry: what runs, bring or fetch another release, follow it to its end, go back.
import { html, nothing } from "lit";
import { ask, Refusal, send } from "../core/api";
import { dateTime } from "../core/format";
import { certain, fresh } from "../core/fresh";
import { t, type Key } from "../core/i18n";
import { because, refusal } from "../core/said";
import { store } from "../core/store";
import "./hold-button";
import { chosenFile, progress, reason } from "./pieces";
import { View } from "./view";

interface Updates {
  running: string;
  supported: boolean;
  unsupported_because: string | null;
  previous: string | null;
  channel: string | null;
  checked_at: number | null;
  available: { version: string; notes: string; size: number | null } | null;
  phase: string;
  version: string | null;
  progress: number | null;
  error: string | null;
  outcome: { result: string; version: string; reason: string; at: number } | null;
}

const PATH = "api/gantry/updates";
const EVERY_MS = 1000;
const RARELY = 10; // where nothing is being done: somebody else may begin
const LONG_MS = 180_000; // after so long a silence people want to know what to do

// On a computer of somebody else; on the card itself it has another reason.
const elsewhere = ({ unsupported_because: why }: Updates) => !why || /image only/.test(why);

class UpdateCard extends View {
  static properties = {
    updates: { state: true }, share: { state: true }, problem: { state: true },
    waiting: { state: true }, silentSince: { state: true },
  };
  private updates: Updates | null = null;
  private share: number | null = null; // of the file that is on its way from here
  private problem = ""; // of what was wished here
  private waiting = false; // for an answer to a wish
  private silentSince: number | null = null; // Gantry starts again
  private asking = false;
  private count = 0;
  private timer: number | undefined;

  connectedCallback(): void {
    super.connectedCallback();
    void this.load();
    this.timer = window.setInterval(() => this.look(), EVERY_MS);
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  private get working(): boolean {
    return this.silentSince !== null || (this.updates?.phase ?? "idle") !== "idle";
  }

  private look(): void {
    if (document.hidden || this.share !== null) return;
    if (this.working || ++this.count % RARELY === 0) void this.load();
  }

  private async load(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    try {
      this.updates = await ask<Updates>("GET", PATH);
      this.silentSince = null;
      // What was loaded so far belongs to the release of before.
      if (!this.working && store.outdated(this.updates.running)) location.reload();
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 0 || error.status >= 500) {
        if (this.working) this.silentSince ??= Date.now();
      } else if (error.status === 404) this.updates = null;
      else if (this.working) void store.open(); // back, with other people
    } finally {
      this.asking = false;
      this.requestUpdate();
    }
  }

  // Wishes something; what becomes of it is followed by looking.
  private async wish(work: () => Promise<unknown>): Promise<void> {
    this.problem = "";
    this.waiting = true;
    await fresh(work).catch((error: unknown) => (this.problem = because(error)));
    this.waiting = false;
    this.share = null;
    await this.load();
  }

  private post = (what: string, body?: object) => this.wish(() => ask("POST", `${PATH}/${what}`, body));

  private bring(event: Event): void {
    const file = chosenFile(event);
    if (!file) return;
    void this.wish(async () => {
      await certain();
      this.share = 0;
      await send(`${PATH}/upload`, file, (share) => (this.share = share));
    });
  }

  render() {
    const { updates } = this;
    if (updates === null) return nothing;
    return html`<section class="card stack" aria-labelledby="updates-title">
      <h2 id="updates-title">${t("update.title")}</h2>
      <dl class="facts flush">
        <div><dt>${t("update.running")}</dt><dd>${updates.running}</dd></div>
        ${updates.previous
          ? html`<div><dt>${t("update.previous")}</dt><dd>${updates.previous}</dd></div>` : nothing}
        ${updates.checked_at
          ? html`<div><dt>${t("update.checked")}</dt><dd>${dateTime(updates.checked_at)}</dd></div>`
          : nothing}
      </dl>
      ${updates.supported ? nothing : html`<p class="quiet">${elsewhere(updates)
        ? t("update.unsupported")
        : t("update.impossible", { reason: refusal(updates.unsupported_because) })}</p>`}
      <div role="status" class="stack">${this.doing(updates)}</div>
      ${this.working || this.share !== null ? nothing : this.ended(updates)}
      ${updates.supported && store.may("ADMIN") ? this.wishes(updates) : nothing}
    </section>`;
  }

  private doing(updates: Updates) {
    if (this.share !== null) {
      return this.share < 1 ? progress(t("update.uploading"), this.share) : progress(t("update.phase.verifying"), null);
    }
    const silent = this.silentSince !== null;
    if (!this.working) return nothing;
    if (silent && Date.now() - this.silentSince! > LONG_MS) return html`<p>${t("update.silent")}</p>`;
    const phase = silent ? "restarting" : updates.phase;
    const version = updates.version ?? t("update.another");
    return progress(t(`update.phase.${phase}` as Key, { version }), silent ? null : updates.progress);
  }

  private ended({ outcome, error }: Updates) {
    const same = outcome?.result === "failed" && outcome.reason === error;
    const problem = this.problem || (same ? "" : refusal(error));
    const good = outcome?.result === "installed";
    const when = { version: outcome?.version ?? "", when: outcome ? dateTime(outcome.at) : "" };
    return html`<div role="alert">${problem
        ? html`<p><span class="badge bad">!</span> ${t("update.problem")} ${reason(problem)}</p>` : nothing}</div>
      ${outcome && !problem
        ? html`<div><span class="badge ${good ? "good" : outcome.reason ? "bad" : ""}">${
            good ? "✓" : outcome.reason ? "!" : "↩"}</span>
            ${t(`update.result.${outcome.result}` as Key, when)} ${reason(refusal(outcome.reason))}</div>`
        : nothing}`;
  }

  private wishes(updates: Updates) {
    const { available } = updates;
    const busy = this.working || this.waiting || this.share !== null;
    return html`${available
        ? html`<div class="boxed stack"><h3>${t("update.available", { version: available.version })}</h3>
            ${available.notes ? html`<p class="prompt-text">${available.notes}</p>` : nothing}
            <p class="quiet">${t("update.safe")}</p>
            <button type="button" class="primary" ?disabled=${busy} @click=${() => this.post("install")}
              >${t("update.install", { version: available.version })}</button></div>`
        : updates.checked_at && !busy ? html`<p><span class="badge good">✓</span> ${t("update.newest")}</p>` : nothing}
      <div class="row">
        ${updates.channel
          ? html`<button type="button" ?disabled=${busy} @click=${() => this.post("check")}
              >${t("update.check")}</button>`
          : nothing}
        <label class="button upload" aria-disabled=${busy ? "true" : nothing}>${t("update.bring")}<input
          class="hidden" type="file" ?disabled=${busy} @change=${this.bring}></label>
        ${updates.previous
          ? html`<hold-button .label=${t("update.back", { version: updates.previous })}
              .disabled=${busy} @confirm=${() => this.post("back", {})}></hold-button>`
          : nothing}
      </div>`;
  }
}
customElements.define("update-card", UpdateCard);
