// A dialog that asks for a folder: one looks into folders until the right one is open.
import { html, LitElement, nothing } from "lit";
import { folderOf, join, list, nameOf, type Folder } from "../core/gcodes";
import { t } from "../core/i18n";
import { icon } from "./icons";

export class FolderDialog extends LitElement {
  static properties = {
    label: {}, action: {}, folder: {}, without: { attribute: false }, found: { state: true },
  };
  label = "";
  action = "";
  folder = "";
  without: ReadonlySet<string> = new Set(); // folders that are moved themselves
  private found: Folder[] | null = null;

  protected createRenderRoot(): HTMLElement {
    return this;
  }

  protected firstUpdated(): void {
    this.querySelector("dialog")!.showModal();
    void this.enter(this.folder);
  }

  private async enter(folder: string): Promise<void> {
    this.folder = folder;
    this.found = null;
    const found = await list(folder).catch(() => ({ folders: [] as Folder[] }));
    if (folder !== this.folder) return;
    this.found = found.folders.filter(({ dirname }) => !this.without.has(join(folder, dirname)));
    await this.updateComplete;
    this.querySelector<HTMLElement>(".picker button")?.focus();
  }

  private end(folder: string | null): void {
    this.dispatchEvent(new CustomEvent("chosen", { detail: folder }));
  }

  // Arrows walk through the list, as in any menu.
  private keyed(event: KeyboardEvent): void {
    const buttons = [...this.querySelectorAll<HTMLElement>(".picker button")];
    const here = buttons.indexOf(document.activeElement as HTMLElement);
    const steps: Record<string, number> = {
      ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: buttons.length - 1,
    };
    const wanted = event.key in steps ? buttons[steps[event.key]] : undefined;
    if (!wanted) return;
    event.preventDefault();
    wanted.focus();
  }

  render() {
    const { folder } = this;
    return html`<dialog aria-labelledby="folder-title" @close=${() => this.end(null)}>
      <div class="stack">
        <h2 id="folder-title">${this.label}</h2>
        <p class="quiet" role="status">${icon("folder")} ${folder || t("files.top")}</p>
        <ul class="picker" aria-busy=${this.found === null ? "true" : "false"} @keydown=${this.keyed}>
          ${folder
            ? html`<li><button type="button" class="plain folder"
                @click=${() => this.enter(folderOf(folder))}>${icon("up")}
                <span>${t("files.up")}</span></button></li>`
            : nothing}
          ${(this.found ?? []).map(({ dirname }) => html`<li><button type="button"
            class="plain folder" @click=${() => this.enter(join(folder, dirname))}>
            ${icon("folder")}<span>${nameOf(dirname)}</span></button></li>`)}
        </ul>
        ${this.found?.length === 0 ? html`<p class="quiet">${t("files.noFolders")}</p>` : nothing}
        <div class="row end">
          <button type="button" @click=${() => this.end(null)}>${t("app.close")}</button>
          <button type="button" class="primary" @click=${() => this.end(folder)}>
            ${this.action}</button></div>
      </div></dialog>`;
  }
}
customElements.define("folder-dialog", FolderDialog);
