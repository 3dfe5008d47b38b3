// What can be done with all selected files and folders: a bar that stays in sight.
import { html, LitElement, nothing } from "lit";
import {
  copyAll, download, folderOf, join, moveAll, nameOf, queueAll, type Picked,
} from "../core/gcodes";
import { t } from "../core/i18n";
import { store } from "../core/store";
import { deleteAsked } from "../ui/delete-files";
import "../ui/folder-dialog";

class FileSelection extends LitElement {
  static properties = {
    picked: { attribute: false }, folder: {}, asking: { state: true }, naming: { state: true },
    busy: { state: true }, said: { state: true },
  };
  picked: Picked = new Map();
  folder = "";
  private asking: "move" | "copy" | null = null;
  private naming = false;
  private busy = false;
  private said = "";

  protected createRenderRoot(): HTMLElement {
    return this;
  }

  private clear(): void {
    this.naming = false;
    this.dispatchEvent(new Event("clear"));
  }

  private async work(what: () => Promise<unknown>, keep = false): Promise<void> {
    this.busy = true;
    await store.attempt(what);
    this.busy = false;
    if (!keep) this.clear();
  }

  private chosen({ detail: folder }: CustomEvent<string | null>): void {
    const work = this.asking === "copy" ? copyAll : moveAll;
    this.asking = null;
    if (folder !== null) void this.work(() => work(this.picked, folder));
  }

  private rename(event: SubmitEvent): void {
    event.preventDefault();
    const name = String(new FormData(event.target as HTMLFormElement).get("name")).trim();
    const [path] = this.picked.keys();
    const [source, dest] = [`gcodes/${path}`, `gcodes/${join(folderOf(path), name)}`];
    void this.work(() => store.call("server.files.move", { source, dest }));
  }

  private async delete(): Promise<void> {
    let gone = false;
    await this.work(async () => { gone = await deleteAsked(this.picked); }, true);
    if (gone) this.clear();
  }

  private queue(): void {
    void this.work(async () => {
      const number = await queueAll([...this.picked.keys()]);
      this.said = t("files.queued", { number });
    });
  }

  render() {
    const { picked } = this;
    const status = html`<p class="hidden" role="status">${
      picked.size ? t("files.selected", { number: picked.size }) : this.said}</p>`;
    return picked.size ? html`${status}${this.bar()}` : status;
  }

  private bar() {
    const { picked, busy } = this;
    const number = picked.size;
    const onlyFiles = ![...picked.values()].includes("folder");
    const button = (label: string, press: () => void) => html`<button type="button" class="small"
      ?disabled=${busy} @click=${press}>${label}</button>`;
    return html`<div class="selection card" role="group" aria-label=${t("files.selected", { number })}>
      <strong>${t("files.selected", { number })}</strong>
      <div class="row">
        ${onlyFiles && store.may("PRINT") ? button(t("files.queue"), () => this.queue()) : nothing}
        ${store.may("FILES_DOWNLOAD")
          ? button(t("files.zip"), () => void store.attempt(() => download(picked))) : nothing}
        ${store.may("FILES_DELETE")
          ? html`${number === 1
                ? button(t("files.rename"), () => { this.naming = !this.naming; }) : nothing}
              ${button(t("files.move"), () => { this.asking = "move"; })}` : nothing}
        ${store.may("FILES_UPLOAD")
          ? button(t("files.copy"), () => { this.asking = "copy"; }) : nothing}
        ${store.may("FILES_DELETE")
          ? html`<button type="button" class="small danger" ?disabled=${busy} aria-haspopup="dialog"
              @click=${() => this.delete()}>${t("files.deleteSelected")} …</button>` : nothing}
        <button type="button" class="small plain" @click=${this.clear}>${t("files.clear")}</button>
      </div>
      ${this.naming && number === 1 ? this.form() : nothing}
      ${this.asking ? this.dialog(this.asking) : nothing}
    </div>`;
  }

  private form() {
    const [path] = this.picked.keys();
    return html`<form class="row" @submit=${this.rename}>
      <label class="field grow">${t("files.newName")}
        <input name="name" required .value=${nameOf(path)} autocomplete="off"></label>
      <button class="primary">${t("app.save")}</button></form>`;
  }

  private dialog(what: "move" | "copy") {
    const number = this.picked.size;
    return html`<folder-dialog .folder=${this.folder} @chosen=${this.chosen}
      .without=${new Set([...this.picked].filter(([, kind]) => kind === "folder").map(([path]) => path))}
      .label=${t(what === "move" ? "files.moveTitle" : "files.copyTitle", { number })}
      .action=${t(what === "move" ? "files.moveHere" : "files.copyHere")}></folder-dialog>`;
  }
}
customElements.define("file-selection", FileSelection);
