// What is known of one file, and everything that can be done with it.
import { html, nothing } from "lit";
import { bytes, metres, number } from "../core/format";
import {
  download, folderOf, pictureOf, queueAll, type GcodeFile,
} from "../core/gcodes";
import { t } from "../core/i18n";
import { store } from "../core/store";
import "../ui/api-image";
import { deleteAsked } from "../ui/delete-files";
import { View } from "../ui/view";
import "./lint";

class FileDetails extends View {
  static properties = { file: { attribute: false }, path: {}, naming: { state: true }, said: { state: true } };
  file!: GcodeFile;
  path = "";
  private naming = false;
  private said = "";

  private async queue(first: boolean): Promise<void> {
    await store.attempt(async () => {
      const number = await queueAll([this.path], first);
      this.said = first ? t("files.queuedFirst") : t("files.queued", { number });
    });
  }

  private take = () =>
    void store.attempt(() => download(new Map([[this.path, "file"]])));

  private async rename(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const wanted = String(new FormData(event.target as HTMLFormElement).get("path")).trim();
    const [source, dest] = [`gcodes/${this.path}`, `gcodes/${wanted.replace(/^\/+/, "")}`];
    if (await store.attempt(() => store.call("server.files.move", { source, dest }))) {
      this.naming = false;
    }
  }

  private delete = () =>
    void store.attempt(() => deleteAsked(new Map([[this.path, "file"]])));

  render() {
    const { file, path } = this;
    const fact = (label: string, value: unknown) =>
      value ? html`<div><dt>${label}</dt><dd>${value}</dd></div>` : nothing;
    const slicer = file.slicer && file.slicer !== "Unknown"
      ? `${file.slicer} ${file.slicer_version ?? ""}` : null;
    const picture = pictureOf(folderOf(path), file);
    return html`<div class="file-details">
      ${picture
        ? html`<div class="large-thumb"><api-image .path=${picture}
            alt=${t("files.picture", { name: file.filename })}></api-image></div>`
        : nothing}
      <dl class="facts">
        ${fact(t("files.slicer"), slicer)}
        ${fact(t("files.material"), file.filament_type)}
        ${fact(t("files.layers"), file.layer_count)}
        ${fact(t("files.heights"), file.layer_height && `${number(file.layer_height, 2)} mm`)}
        ${fact(t("files.filament"), file.filament_total && metres(file.filament_total))}
        ${fact(t("files.size"), bytes(file.size))}
      </dl>
      <lint-findings .path=${path}></lint-findings>
      <div class="row">
        ${store.may("GCODE_VIEWER")
          ? html`<a class="button small" href="#/layers/${encodeURIComponent(path)}">
              ${t("nav.layers")}</a>`
          : nothing}
        ${store.may("PRINT")
          ? html`<button type="button" class="small" @click=${() => this.queue(false)}>
                ${t("files.queue")}</button>
              <button type="button" class="small" @click=${() => this.queue(true)}>
                ${t("files.first")}</button>`
          : nothing}
        ${store.may("FILES_DOWNLOAD")
          ? html`<button type="button" class="small" @click=${this.take}>
              ${t("files.download")}</button>`
          : nothing}
        ${store.may("FILES_DELETE")
          ? html`<button type="button" class="small" aria-expanded=${this.naming}
                @click=${() => (this.naming = !this.naming)}>${t("files.rename")}</button>
              <button type="button" class="small danger" aria-haspopup="dialog"
                @click=${this.delete}>${t("files.deleteSelected")} …</button>`
          : nothing}
        <span role="status" class="quiet">${this.said}</span>
      </div>
      ${this.naming
        ? html`<form class="row" @submit=${this.rename}>
            <label class="field grow">${t("files.newPath")}
              <input name="path" required .value=${path}></label>
            <button class="primary">${t("app.save")}</button></form>`
        : nothing}
    </div>`;
  }
}
customElements.define("file-details", FileDetails);
