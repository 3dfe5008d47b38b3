// Backups: made, taken away, brought, restored.
import { html, nothing } from "lit";
import { ask, at, credentials, key, Refusal, send } from "../core/api";
import { bytes, dateTime } from "../core/format";
import { certain, fresh } from "../core/fresh";
import { t, type Key } from "../core/i18n";
import { back, startedAt } from "../core/restart";
import { because } from "../core/said";
import { store } from "../core/store";
import "./hold-button";
import { chosenFile, progress, reason } from "./pieces";
import { View } from "./view";

interface Backup {
  name: string;
  made_at: number;
  size: number;
  version: string;
  appliance: string; // its name
  reason: string;
  has_files: boolean;
  encrypted: boolean;
}

const PATH = "api/gantry/backups";

class BackupCard extends View {
  static properties = {
    backups: { state: true }, busy: { state: true }, share: { state: true },
    problem: { state: true }, restoring: { state: true }, restored: { state: true },
  };
  private backups: Backup[] | null = null;
  private busy = "";
  private share: number | null = null;
  private problem = "";
  private restoring = ""; // the backup whose restore is being thought about
  private restored = ""; // when the one was made that was restored

  connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  private async load(): Promise<void> {
    const found = await ask<{ backups: Backup[] }>("GET", PATH).catch((error: unknown) =>
      error instanceof Refusal && error.status === 404 ? null : undefined);
    if (found !== undefined) this.backups = found?.backups ?? null;
  }

  // Does one thing at a time, says which, and shows afterwards how things are.
  private async during(what: Key, work: () => Promise<unknown>): Promise<boolean> {
    this.busy = t(what);
    this.problem = this.restored = "";
    await fresh(work).catch((error: unknown) => (this.problem = because(error)));
    this.busy = "";
    this.share = null;
    await this.load();
    return !this.problem;
  }

  private bring(event: Event): void {
    const file = chosenFile(event);
    if (file) void this.during("backup.bringing", async () => {
      await certain();
      await send(`${PATH}/upload`, file, (share) => (this.share = share < 1 ? share : null));
    });
  }

  private async create(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const passphrase = String(data.get("passphrase") ?? "");
    const body = { files: data.has("files"), ...(passphrase ? { passphrase } : {}) };
    if (await this.during("backup.making", () => ask("POST", PATH, body))) form.reset();
  }

  private async download(backup: Backup): Promise<void> {
    await this.during("backup.fetching", async () => {
      await certain();
      const address = at(this.path(backup));
      const link = document.createElement("a");
      link.download = backup.name;
      // A browser writes to its disk what it asks for itself; a key it cannot send.
      const mine = key.get() !== null;
      link.href = mine ? URL.createObjectURL(await fetched(address)) : address;
      link.click();
      if (mine) URL.revokeObjectURL(link.href);
    });
  }

  private path = (backup: Backup) => `${PATH}/${encodeURIComponent(backup.name)}`;

  private async restore(event: SubmitEvent, backup: Backup): Promise<void> {
    event.preventDefault();
    const passphrase = String(new FormData(event.target as HTMLFormElement).get("passphrase") ?? "");
    const body = passphrase ? { passphrase } : {};
    const done = await this.during("backup.restoring", async () => {
      const before = await startedAt();
      await ask("POST", `${this.path(backup)}/restore`, body);
      await back(before); // the other side of the restart
      await store.open();
    });
    if (!done) return;
    this.restoring = "";
    this.restored = dateTime(backup.made_at);
  }

  render() {
    const { backups } = this;
    if (backups === null) return nothing;
    return html`<section class="card stack" aria-labelledby="backups-title">
      <h2 id="backups-title">${t("backup.title")}</h2>
      <p class="quiet">${t("backup.text")}</p>
      <form class="stack boxed" @submit=${this.create}>
        <label class="check"><input type="checkbox" name="files"> ${t("backup.files")}</label>
        <label class="field">${t("backup.passphrase")}<input name="passphrase" type="password"
          minlength="8" autocomplete="new-password" aria-describedby="passphrase-hint"></label>
        <p id="passphrase-hint" class="quiet small-text">${t("backup.passphraseHint")}</p>
        <div class="row"><button class="primary" ?disabled=${!!this.busy}>${t("backup.make")}</button>
          <label class="button upload" aria-disabled=${this.busy ? "true" : nothing}>${t("backup.bring")}<input
            class="hidden" type="file" ?disabled=${!!this.busy} @change=${this.bring}></label></div>
      </form>
      <div role="status">${this.busy
        ? progress(this.busy, this.share)
        : this.restored
          ? html`<p><span class="badge good">✓</span> ${t("backup.restored", { when: this.restored })}</p>`
          : nothing}</div>
      <div role="alert">${this.problem
        ? html`<p><span class="badge bad">!</span> ${t("update.problem")} ${reason(this.problem)}</p>`
        : nothing}</div>
      ${backups.length
        ? html`<ul class="ports">${backups.map((backup) => this.row(backup))}</ul>`
        : html`<p class="quiet">${t("backup.none")}</p>`}
    </section>`;
  }

  private row(backup: Backup) {
    const facts = [
      backup.reason === "uploaded" ? backup.appliance : "",
      t(`backup.reason.${backup.reason}` as Key), `Gantry ${backup.version}`, bytes(backup.size),
      backup.has_files ? t("backup.withFiles") : "", backup.encrypted ? t("backup.encrypted") : "",
    ].filter(Boolean);
    const when = dateTime(backup.made_at);
    return html`<li>
      <div class="grow"><strong>${when}</strong>
        <div class="quiet small-text">${facts.join(" · ")}</div></div>
      <div class="row"><button type="button" class="small" aria-label=${t("backup.downloadOf", { when })}
        ?disabled=${!!this.busy} @click=${() => this.download(backup)}>${t("backup.download")}</button>
      <button type="button" class="small" aria-label=${t("backup.restoreOf", { when })}
        ?disabled=${!!this.busy} aria-expanded=${this.restoring === backup.name}
        @click=${() => (this.restoring = this.restoring === backup.name ? "" : backup.name)}
        >${t("backup.restore")}</button>
      <hold-button kind="danger small" .label=${t("backup.delete")}
        .name=${t("backup.deleteOf", { when })}
        .disabled=${!!this.busy} @confirm=${() => this.during("backup.deleting", () => ask("DELETE", this.path(backup)))}
      ></hold-button></div>
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
async function fetched(address: string): Promise<Blob> {
  const response = await fetch(address, { headers: credentials() });
  if (!response.ok) throw new Refusal(response.status, `HTTP ${response.status}`);
  return response.blob();
}
customElements.define("backup-card", BackupCard);
