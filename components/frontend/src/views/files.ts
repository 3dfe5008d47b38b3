// The files: upload, look, check, print, queue, order.
import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { ask } from "../core/api";
import { bytes, dateTime, duration, metres, number, percent } from "../core/format";
import {
  join, list, pictureOf, type Folder, type GcodeFile, type Listing, type Picked,
} from "../core/gcodes";
import { language, t } from "../core/i18n";
import { inTime } from "../core/patience";
import { store } from "../core/store";
import { Turns } from "../core/turns";
import { chosen, dropped, uploads, type Coming } from "../core/uploads";
import "../ui/api-image";
import { askNamesake } from "../ui/ask-namesake";
import "../ui/hold-button";
import { icon } from "../ui/icons";
import { View } from "../ui/view";
import "./file-details";
import "./file-selection";

type Severity = "info" | "warn" | "block";
type Sort = "modified" | "name" | "time" | "size";
const CHECK_MS = 1500; // that the findings of all may keep the list waiting
const PAGE = 200; // files that are shown before somebody wants more

class FilesView extends View {
  static properties = {
    folder: { state: true }, files: { state: true }, folders: { state: true },
    sort: { state: true }, search: { state: true }, opened: { state: true },
    over: { state: true }, naming: { state: true }, worst: { state: true },
    upside: { state: true }, picked: { state: true }, most: { state: true }, said: { state: true },
  };
  private folder = "";
  private files: GcodeFile[] | null = null;
  private folders: Folder[] = [];
  private underway = 0; // lists that are asked for
  private readonly turns = new Turns();
  private shown: GcodeFile[] = []; // of the files, in their order
  private room: Listing["room"] | null = null;
  private sort: Sort = "modified";
  private search = "";
  private opened = "";
  private worst: Record<string, Severity | null> = {}; // finding of each file
  private upside = false; // sorted the other way round
  private over = false;
  private naming = false;
  private picked: Picked = new Map();
  private last = ""; // picked last: with Shift everything between is
  private most = PAGE;
  private said = "";
  private readonly redraw = () => this.requestUpdate();
  private readonly reload = () => void this.load();
  private readonly pasted = (event: ClipboardEvent) => this.paste(event);

  connectedCallback(): void {
    super.connectedCallback();
    store.addEventListener("files", this.reload);
    document.addEventListener("paste", this.pasted);
    uploads.addEventListener("change", this.redraw);
    uploads.addEventListener("done", this.reload);
    if (store.online) void this.load();
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    store.removeEventListener("files", this.reload);
    document.removeEventListener("paste", this.pasted);
    uploads.removeEventListener("change", this.redraw);
    uploads.removeEventListener("done", this.reload);
  }

  protected willUpdate(changed: Map<string, unknown>): void {
    if (this.files === null && store.online && !this.underway) void this.load(); // it failed
    if (["files", "search", "sort", "upside"].some((name) => changed.has(name))) this.arrange();
  }

  private async load(): Promise<void> {
    const folder = this.folder;
    const news = this.turns.begin();
    const checked = this.check(folder);
    this.underway++;
    try {
      const found = await list(folder);
      // What is under a name makes its row higher.
      if (this.files === null) await inTime(checked, CHECK_MS);
      if (folder !== this.folder || !news()) return;
      this.folders = found.folders;
      this.room = found.room;
      this.files = found.files;
      const there = new Set([
        ...found.files.map(({ filename }) => join(folder, filename)),
        ...found.folders.map(({ dirname }) => join(folder, dirname)),
      ]);
      this.picked = new Map([...this.picked].filter(([path]) => there.has(path)));
    } catch {
      if (folder && folder === this.folder) this.enter("");
    } finally {
      this.underway--;
    }
  }

  private async check(folder: string): Promise<void> {
    const path = `api/gantry/lint/folder?path=${encodeURIComponent(folder)}`;
    const found = await ask<{ files: Record<string, Severity | null> }>("GET", path).catch(() => null);
    if (found && folder === this.folder) this.worst = found.files;
  }

  private enter(folder: string): void {
    this.folder = folder;
    this.opened = this.last = "";
    this.files = null;
    this.picked = new Map();
    this.most = PAGE;
    if (store.online) void this.load();
  }

  private arrange(): void {
    const by = new Intl.Collator(language, { numeric: true }).compare;
    const orders: Record<Sort, (a: GcodeFile, b: GcodeFile) => number> = {
      modified: (a, b) => b.modified - a.modified,
      name: (a, b) => by(a.filename, b.filename),
      time: (a, b) => (a.estimated_time ?? Infinity) - (b.estimated_time ?? Infinity),
      size: (a, b) => b.size - a.size,
    };
    const wanted = this.search.trim().toLowerCase();
    this.shown = (this.files ?? [])
      .filter((file) => file.filename.toLowerCase().includes(wanted))
      .sort(orders[this.sort]);
    if (this.upside) this.shown.reverse();
  }

  private take([coming, left]: [Coming[], number]): void {
    this.said = left ? t("files.leftOut", { number: left }) : "";
    if (coming.length) void uploads.add(coming, askNamesake);
  }

  private drop(event: DragEvent): void {
    event.preventDefault();
    this.over = false;
    if (!event.dataTransfer || !store.may("FILES_UPLOAD")) return;
    void dropped(event.dataTransfer, this.folder).then((found) => this.take(found));
  }

  private left(event: DragEvent): void {
    const outside = !(event.currentTarget as Element).contains(event.relatedTarget as Node | null);
    if (outside) this.over = false;
  }

  private paste(event: ClipboardEvent): void {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length || !store.may("FILES_UPLOAD")) return;
    event.preventDefault();
    this.take(chosen(files, this.folder));
  }

  private pickedFiles(event: Event): void {
    const input = event.target as HTMLInputElement;
    this.take(chosen(input.files ?? [], this.folder));
    input.value = "";
  }

  private async makeFolder(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const name = String(new FormData(event.target as HTMLFormElement).get("name")).trim();
    const path = `gcodes/${join(this.folder, name)}`;
    if (await store.attempt(() => store.call("server.files.post_directory", { path }))) {
      this.naming = false;
      await this.load();
    }
  }

  private async print(file: GcodeFile): Promise<void> {
    const path = join(this.folder, file.filename);
    const done = await store.attempt(() => ask("POST", "api/gantry/print", { path }));
    if (done) location.hash = "#/dashboard";
    else this.opened = file.filename;
  }

  private leaveFolder(): void {
    const path = `gcodes/${this.folder}`;
    const above = this.folder.split("/").slice(0, -1).join("/");
    void store.attempt(() => store.call("server.files.delete_directory", { path }))
      .then((done) => done && this.enter(above));
  }

  // Everything that can be picked, as it stands in the list.
  private get rows(): [string, "file" | "folder"][] {
    const folders = this.search ? [] : this.folders;
    return [
      ...folders.map(({ dirname }) => [join(this.folder, dirname), "folder"] as [string, "folder"]),
      ...this.shown.slice(0, this.most)
        .map(({ filename }) => [join(this.folder, filename), "file"] as [string, "file"]),
    ];
  }

  private pick(event: MouseEvent, path: string): void {
    const on = (event.target as HTMLInputElement).checked;
    const rows = this.rows;
    const at = (wanted: string) => rows.findIndex(([each]) => each === wanted);
    const [from, to] = [event.shiftKey ? at(this.last) : -1, at(path)];
    const range = from < 0
      ? rows.slice(to, to + 1) : rows.slice(Math.min(from, to), Math.max(from, to) + 1);
    const picked = new Map(this.picked);
    for (const [each, kind] of range) {
      if (on) picked.set(each, kind);
      else picked.delete(each);
    }
    this.picked = picked;
    this.last = path;
  }

  private pickAll(on: boolean): void {
    this.picked = new Map(on ? this.rows : []);
  }

  // Arrows go to the same control of the next row; Escape forgets what was picked.
  private keyed(event: KeyboardEvent): void {
    const here = event.target as HTMLElement;
    if (here.closest("dialog") || here.matches("input:not([type=checkbox]), select")) return;
    if (event.key === "Escape" && this.picked.size) this.pickAll(false);
    else if (event.key === "a" && (event.ctrlKey || event.metaKey)) this.pickAll(true);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!here.matches(".file-head > *, .file-head > * > input")) return;
      const rows = [...this.querySelectorAll(".file-head")];
      const row = rows.indexOf(here.closest(".file-head")!);
      const next = rows[row + (event.key === "ArrowDown" ? 1 : -1)];
      const like = here.matches("input") ? "input" : here.matches(".print") ? ".print" : ".file-open, .folder";
      next?.querySelector<HTMLElement>(`${like}:not(:disabled)`)?.focus();
    } else return;
    event.preventDefault();
  }

  render() {
    const nothingHere = this.files !== null && !this.shown.length && !this.folders.length;
    return html`<div class="files ${this.over ? "over" : ""}" @keydown=${this.keyed}
      @dragover=${(event: DragEvent) => {
        event.preventDefault();
        this.over = store.may("FILES_UPLOAD"); }}
      @dragleave=${this.left} @drop=${this.drop}>
      ${this.over ? html`<p class="drop-here">${t("files.drop")}</p>` : nothing}
      <div class="page-head"><h1>${t("files.title")}</h1>
        ${this.room
          ? html`<p class="quiet">${t("files.room", {
              free: bytes(this.room.free), total: bytes(this.room.total) })}</p>`
          : nothing}</div>
      ${this.tools()} ${this.crumbs()} ${this.underWay()} ${this.head()}
      <file-selection .picked=${this.picked} .folder=${this.folder}
        @clear=${() => this.pickAll(false)}></file-selection>
      ${this.files === null ? html`<p class="quiet" aria-busy="true">${t("app.loading")}</p>` : nothing}
      <ul class="file-list">
        ${this.search ? nothing : this.folders.map((folder) => this.folderRow(folder))}
        ${repeat(this.shown.slice(0, this.most), (file) => file.filename, (file) => this.row(file))}
      </ul>
      ${this.shown.length > this.most
        ? html`<button type="button" class="more" @click=${() => { this.most += PAGE; }}>
            ${t("files.showMore")}</button>`
        : nothing}
      ${nothingHere
        ? html`<p class="card quiet empty">${icon(this.search ? "file" : "upload")}
            <span>${this.search ? t("files.noMatch") : t("files.none")}</span></p>`
        : nothing}
    </div>`;
  }

  private tools() {
    return html`<div class="tools">
        ${store.may("FILES_UPLOAD") ? this.bringing() : nothing}
        <label class="hidden" for="search">${t("files.search")}</label>
        <input id="search" type="search" class="grow" placeholder=${t("files.search")}
          .value=${this.search} @input=${(event: Event) => {
            this.search = (event.target as HTMLInputElement).value; }}>
      </div>
      ${this.naming
        ? html`<form class="row card" @submit=${this.makeFolder}>
            <label class="field grow">${t("files.folderName")}<input name="name" required></label>
            <button class="primary">${t("files.create")}</button></form>`
        : nothing}`;
  }

  private bringing() {
    return html`<label class="button primary upload">${icon("upload")} ${t("files.upload")}
        <input class="hidden" type="file" multiple @change=${this.pickedFiles}></label>
      <label class="button upload on-desk">${t("files.folderUpload")}
        <input class="hidden" type="file" webkitdirectory @change=${this.pickedFiles}></label>
      <button type="button" aria-expanded=${this.naming}
        @click=${() => (this.naming = !this.naming)}>${t("files.folder")}</button>`;
  }

  private crumbs() {
    if (!this.folder) return nothing;
    const parts = this.folder.split("/");
    return html`<div class="crumbs" role="group" aria-label=${t("files.items")}>
      <button type="button" class="plain small" @click=${() => this.enter("")}>
        ${t("files.top")}</button>
      ${parts.map((part, index) => html`<span aria-hidden="true">/</span>
        <button type="button" class="plain small"
          @click=${() => this.enter(parts.slice(0, index + 1).join("/"))}>${part}</button>`)}
      ${this.files?.length === 0 && !this.folders.length && store.may("FILES_DELETE")
        ? html`<hold-button kind="danger small" .label=${t("files.deleteFolder")}
            @confirm=${this.leaveFolder}></hold-button>`
        : nothing}
    </div>`;
  }

  private underWay() {
    const { present, waiting } = uploads;
    return html`<div role="status">${this.said ? html`<p class="quiet">${this.said}</p>` : nothing}
      ${present
        ? html`<div class="card uploading">
            <span>${t("files.uploading", { name: present.name, share: percent(present.share) })}
              ${waiting.length
                ? html`<span class="quiet">${t("files.waiting", { number: waiting.length })}</span>`
                : nothing}</span>
            <progress max="1" .value=${present.share} aria-label=${present.name}></progress>
            <div class="row"><button type="button" class="small"
              aria-label=${t("files.stopNamed", { name: present.name })}
              @click=${() => uploads.stop()}>${t("files.stop")}</button>
              ${waiting.length
                ? html`<button type="button" class="small" @click=${() => uploads.stopAll()}>
                    ${t("files.stopAll")}</button>`
                : nothing}</div></div>`
        : nothing}</div>`;
  }

  // Above the list: what goes for all of it.
  private head() {
    const rows = this.rows.length;
    const some = this.picked.size;
    if (rows < 2) return nothing;
    return html`<div class="row between list-head">
      <label class="check pick-all"><input type="checkbox" .checked=${some === rows}
        .indeterminate=${some > 0 && some < rows}
        @change=${(event: Event) => this.pickAll((event.target as HTMLInputElement).checked)}>
        ${t("files.selectAll")}</label>${this.order()}</div>`;
  }

  private order() {
    const sorts: [Sort, string][] = [
      ["modified", t("files.sortModified")], ["name", t("files.sortName")],
      ["time", t("files.sortTime")], ["size", t("files.sortSize")],
    ];
    return html`<div class="row sorting"><label class="hidden" for="sort">${t("files.sort")}</label>
      <select id="sort" class="small" @change=${(event: Event) => {
        this.sort = (event.target as HTMLSelectElement).value as Sort; }}>
        ${sorts.map(([value, label]) => html`<option value=${value}
          ?selected=${value === this.sort}>${label}</option>`)}
      </select>
      <button type="button" class="small" aria-pressed=${this.upside} aria-label=${t("files.upside")}
        @click=${() => (this.upside = !this.upside)}>${icon(this.upside ? "up" : "down")}</button>
    </div>`;
  }

  private box(path: string, name: string) {
    return html`<label class="pick"><input type="checkbox" .checked=${this.picked.has(path)}
      aria-label=${t("files.select", { name })}
      @click=${(event: MouseEvent) => this.pick(event, path)}></label>`;
  }

  private folderRow({ dirname }: Folder) {
    const path = join(this.folder, dirname);
    return html`<li class="card file ${this.picked.has(path) ? "picked" : ""}">
      <div class="file-head">${this.box(path, dirname)}
        <button type="button" class="plain folder" @click=${() => this.enter(path)}>
          ${icon("folder")}<span>${dirname}</span></button></div></li>`;
  }

  private row(file: GcodeFile) {
    const name = file.filename;
    const path = join(this.folder, name);
    const open = this.opened === name;
    const picture = pictureOf(this.folder, file);
    const facts = [
      file.estimated_time ? duration(file.estimated_time) : null,
      file.filament_weight_total ? grams(file.filament_weight_total)
        : file.filament_total ? metres(file.filament_total) : null,
      dateTime(file.modified),
      file.print_start_time ? t("files.printed") : null,
    ].filter(Boolean);
    return html`<li class="card file ${this.picked.has(path) ? "picked" : ""}">
      <div class="file-head">${this.box(path, name)}
        <button type="button" class="plain file-open" aria-expanded=${open}
          @click=${() => (this.opened = open ? "" : name)}>
          <span class="thumb small-thumb">${picture
            ? html`<api-image .path=${picture} alt=""></api-image>`
            : icon("file")}</span>
          <span class="file-text"><strong title=${name}>${name}</strong>
            <span class="quiet">${facts.join(" · ")}</span>${this.badge(name)}</span>
        </button>
        ${store.may("PRINT")
          ? html`<button type="button" class="print" @click=${() => this.print(file)}
              ?disabled=${store.info?.link !== "online" || store.info.phase !== "none"}
              aria-label=${t("files.printNamed", { name })}>${icon("print")}
              <span>${t("files.print")}</span></button>`
          : nothing}
      </div>
      ${open
        ? html`<file-details .file=${file} .path=${path}></file-details>`
        : nothing}
    </li>`;
  }

  private badge(name: string) {
    const severity = this.worst[name];
    if (severity !== "warn" && severity !== "block") return nothing;
    return html`<span class="badge ${severity === "block" ? "bad" : "waiting"}">
      ${t(`lint.${severity}`)}</span>`;
  }
}
const grams = (weight: number) => `${number(weight, weight < 10 ? 1 : 0)} g`;

customElements.define("files-view", FilesView);
