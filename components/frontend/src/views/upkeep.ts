// Updates with a way back, and backups: made, taken away, brought, restored.
import { html, nothing } from "lit";
import { ask, at, credentials, send } from "../core/api";
import { bytes, dateTime } from "../core/format";
import { fresh } from "../core/fresh";
import { t, type Key } from "../core/i18n";
import { back, startedAt } from "../core/restart";
import { store } from "../core/store";
import "../ui/hold-button";
import { View } from "../ui/view";
import "../ui/wifi-card";

interface Backup {
  name: string;
  made_at: number;
  size: number;
  version: string;
  reason: string;
  has_files: boolean;
  encrypted: boolean;
}

interface Updates {
  running: string;
  supported: boolean;
  installed: string[];
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

const EVERY_MS = 2000;

class UpkeepView extends View {
  static properties = {
    updates: { state: true }, backups: { state: true }, busy: { state: true },
    share: { state: true }, restoring: { state: true },
  };
  private updates: Updates | null = null;
  private backups: Backup[] | null = null;
  private busy = "";
  private share: number | null = null;
  private restoring = ""; // the backup whose restore is being thought about
  private timer: number | undefined;

  connectedCallback(): void {
    super.connectedCallback();
    void this.load();
    this.timer = window.setInterval(() => {
      if (!document.hidden && this.updates?.phase !== "idle") void this.loadUpdates();
    }, EVERY_MS);
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  private async load(): Promise<void> {
    await Promise.all([this.loadUpdates(), this.loadBackups()]);
  }

  private async loadUpdates(): Promise<void> {
    this.updates = await ask<Updates>("GET", "api/gantry/updates").catch(() => this.updates);
  }

  private async loadBackups(): Promise<void> {
    const found = await ask<{ backups: Backup[] }>("GET", "api/gantry/backups").catch(() => null);
    this.backups = found?.backups ?? null;
  }

  // Does one thing at a time, says which, and shows afterwards how things are.
  private async during(what: Key, work: () => Promise<unknown>): Promise<boolean> {
    this.busy = t(what);
    const done = await store.attempt(() => fresh(work));
    this.busy = "";
    this.share = null;
    await this.load();
    return done;
  }

  // What ends in a restart: wait for the other side of it.
  private restarting(what: Key, work: () => Promise<unknown>): Promise<boolean> {
    return this.during(what, async () => {
      const before = await startedAt();
      await work();
      await back(before);
      await store.open();
    });
  }

  private chosen(event: Event): File | null {
    const field = event.target as HTMLInputElement;
    const file = field.files?.[0] ?? null;
    field.value = "";
    return file;
  }

  private upload(path: string, file: File): Promise<void> {
    return send(path, file, (share) => (this.share = share));
  }

  private async create(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const passphrase = String(data.get("passphrase") ?? "");
    const body = { files: data.has("files"), ...(passphrase ? { passphrase } : {}) };
    if (await this.during("backup.making", () => ask("POST", "api/gantry/backups", body))) form.reset();
  }

  private async download(backup: Backup): Promise<void> {
    await this.during("backup.fetching", async () => {
      const response = await fetch(at(this.path(backup)), { headers: credentials() });
      if (!response.ok) {
        await ask("GET", this.path(backup)); // says what is wrong
        throw new Error(`HTTP ${response.status}`);
      }
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await response.blob());
      link.download = backup.name;
      link.click();
      URL.revokeObjectURL(link.href);
    });
  }

  private path = (backup: Backup) => `api/gantry/backups/${encodeURIComponent(backup.name)}`;

  private async restore(event: SubmitEvent, backup: Backup): Promise<void> {
    event.preventDefault();
    const passphrase = String(new FormData(event.target as HTMLFormElement).get("passphrase") ?? "");
    const body = passphrase ? { passphrase } : {};
    const done = await this.restarting("backup.restoring", () =>
      ask("POST", `${this.path(backup)}/restore`, body),
    );
    if (done) this.restoring = "";
  }

  render() {
    const waits = this.updates === null && this.backups === null;
    return html`<h1 class="page-head">${t("nav.upkeep")}</h1>
      <div role="status">${this.busy
        ? html`<div class="card stack"><p>${this.busy}</p>
            <progress max="1" .value=${this.share ?? nothing} aria-label=${this.busy}></progress></div>`
        : nothing}</div>
      ${waits ? html`<p aria-busy="true">${t("app.loading")}</p>` : nothing}
      <div class="dashboard even">
        ${this.updates ? this.updateCard(this.updates) : nothing}
        ${this.backups ? this.backupCard(this.backups) : nothing}
        <wifi-card></wifi-card>
      </div>`;
  }

  private updateCard(updates: Updates) {
    const admin = store.may("ADMIN");
    const { outcome } = updates;
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
      ${updates.supported
        ? nothing
        : html`<p class="quiet">${t("update.unsupported")}</p>`}
      ${updates.phase === "idle" ? nothing : this.progress(updates)}
      ${updates.error ? html`<p class="advice">${updates.error}</p>` : nothing}
      ${outcome
        ? html`<p class="quiet">${t(`update.result.${outcome.result}` as Key, {
            version: outcome.version, when: dateTime(outcome.at),
          })} ${outcome.reason}</p>`
        : nothing}
      ${updates.supported && admin ? this.updateWishes(updates) : nothing}
    </section>`;
  }

  private progress(updates: Updates) {
    const phase = t(`update.phase.${updates.phase}` as Key, { version: updates.version ?? "" });
    return html`<p>${phase}</p>
      <progress max="1" .value=${updates.progress ?? nothing} aria-label=${phase}></progress>`;
  }

  private updateWishes(updates: Updates) {
    const { available } = updates;
    const idle = updates.phase === "idle" && !this.busy;
    return html`${available
        ? html`<div class="boxed stack"><h3>${t("update.available", { version: available.version })}</h3>
            ${available.notes ? html`<p class="prompt-text">${available.notes}</p>` : nothing}
            <p class="quiet">${t("update.safe")}</p>
            <button type="button" class="primary" ?disabled=${!idle} @click=${() =>
              this.restarting("update.installing", () => ask("POST", "api/gantry/updates/install"))}
              >${t("update.install", { version: available.version })}</button></div>`
        : updates.checked_at ? html`<p><span class="badge good">✓</span> ${t("update.newest")}</p>` : nothing}
      <div class="row">
        ${updates.channel
          ? html`<button type="button" ?disabled=${!idle} @click=${() =>
              this.during("update.checking", () => ask("POST", "api/gantry/updates/check"))}
              >${t("update.check")}</button>`
          : nothing}
        <label class="button upload">${t("update.bring")}<input class="hidden" type="file"
          ?disabled=${!idle} @change=${(event: Event) => {
            const file = this.chosen(event);
            if (file) void this.restarting("update.installing", () =>
              this.upload("api/gantry/updates/upload", file));
          }}></label>
        ${updates.previous
          ? html`<hold-button .label=${t("update.back", { version: updates.previous })}
              ?disabled=${!idle} @confirm=${() => this.restarting("update.goingBack", () =>
                ask("POST", "api/gantry/updates/back", {}))}></hold-button>`
          : nothing}
      </div>`;
  }

  private backupCard(backups: Backup[]) {
    return html`<section class="card stack" aria-labelledby="backups-title">
      <h2 id="backups-title">${t("backup.title")}</h2>
      <p class="quiet">${t("backup.text")}</p>
      <form class="stack boxed" @submit=${this.create}>
        <label class="check"><input type="checkbox" name="files"> ${t("backup.files")}</label>
        <label class="field">${t("backup.passphrase")}<input name="passphrase" type="password"
          minlength="8" autocomplete="new-password" aria-describedby="passphrase-hint"></label>
        <p id="passphrase-hint" class="quiet small-text">${t("backup.passphraseHint")}</p>
        <div class="row"><button class="primary" ?disabled=${!!this.busy}>${t("backup.make")}</button>
          <label class="button upload">${t("backup.bring")}<input class="hidden" type="file"
            ?disabled=${!!this.busy} @change=${(event: Event) => {
              const file = this.chosen(event);
              if (file) void this.during("backup.bringing", () =>
                this.upload("api/gantry/backups/upload", file));
            }}></label></div>
      </form>
      ${backups.length
        ? html`<ul class="ports">${backups.map((backup) => this.row(backup))}</ul>`
        : html`<p class="quiet">${t("backup.none")}</p>`}
    </section>`;
  }

  private row(backup: Backup) {
    const facts = [
      t(`backup.reason.${backup.reason}` as Key), `Gantry ${backup.version}`, bytes(backup.size),
      backup.has_files ? t("backup.withFiles") : "", backup.encrypted ? t("backup.encrypted") : "",
    ].filter(Boolean);
    const when = dateTime(backup.made_at);
    return html`<li>
      <div class="grow"><strong>${when}</strong>
        <div class="quiet small-text">${facts.join(" · ")}</div></div>
      <button type="button" class="small" aria-label=${t("backup.downloadOf", { when })}
        @click=${() => this.download(backup)}>${t("backup.download")}</button>
      <button type="button" class="small" aria-label=${t("backup.restoreOf", { when })}
        aria-expanded=${this.restoring === backup.name}
        @click=${() => (this.restoring = this.restoring === backup.name ? "" : backup.name)}
        >${t("backup.restore")}</button>
      <hold-button kind="danger small" .label=${t("backup.delete")}
        .name=${t("backup.deleteOf", { when })}
        @confirm=${() => this.during("backup.deleting", () => ask("DELETE", this.path(backup)))}
      ></hold-button>
      ${this.restoring === backup.name ? this.confirmation(backup) : nothing}
    </li>`;
  }

  private confirmation(backup: Backup) {
    return html`<form class="stack boxed whole"
        @submit=${(event: SubmitEvent) => this.restore(event, backup)}>
      <p>${t("backup.restoreText")}</p>
      ${backup.encrypted
        ? html`<label class="field">${t("backup.itsPassphrase")}<input name="passphrase"
            type="password" required minlength="8" autocomplete="off"></label>`
        : nothing}
      <div class="row"><button class="primary" ?disabled=${!!this.busy}>${t("backup.restoreNow")}</button>
        <button type="button" class="plain" @click=${() => (this.restoring = "")}>
          ${t("app.close")}</button></div></form>`;
  }
}
customElements.define("upkeep-view", UpkeepView);
