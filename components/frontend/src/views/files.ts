// The files: upload, look, check, print, queue, delete.
import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { ask, upload } from "../core/api";
import { bytes, dateTime, duration, metres, number, percent } from "../core/format";
import { t } from "../core/i18n";
import { store } from "../core/store";
import "../ui/api-image";
import "../ui/hold-button";
import { icon } from "../ui/icons";
import { View } from "../ui/view";
import "./file-details";

export interface GcodeFile {
  filename: string;
  modified: number;
  size: number;
  estimated_time?: number;
  filament_total?: number;
  filament_weight_total?: number;
  slicer?: string;
  slicer_version?: string;
  filament_type?: string;
  print_start_time?: number | null;
  layer_count?: number;
  layer_height?: number;
  thumbnails?: { width: number; relative_path: string }[];
}

interface Folder {
  dirname: string;
  modified: number;
}

type Severity = "info" | "warn" | "block";
type Sort = "modified" | "name" | "time" | "size";
const ORDERS: Record<Sort, (a: GcodeFile, b: GcodeFile) => number> = {
  modified: (a, b) => b.modified - a.modified,
  name: (a, b) => a.filename.localeCompare(b.filename),
  time: (a, b) => (a.estimated_time ?? Infinity) - (b.estimated_time ?? Infinity),
  size: (a, b) => b.size - a.size,
};
const PRINTABLE = /\.(gcode|gco|g|nc|bgcode|gcode\.gz|ufp)$/i;

class FilesView extends View {
  static properties = {
    folder: { state: true }, files: { state: true }, folders: { state: true },
    sort: { state: true }, search: { state: true }, opened: { state: true },
    uploads: { state: true }, over: { state: true }, naming: { state: true },
    worst: { state: true }, upside: { state: true },
  };
  private folder = "";
  private files: GcodeFile[] | null = null;
  private folders: Folder[] = [];
  private room: { total: number; free: number } | null = null;
  private sort: Sort = "modified";
  private search = "";
  private opened = "";
  private uploads: ReadonlyMap<string, number> = new Map();
  private stops = new Map<string, AbortController>();
  private worst: Record<string, Severity | null> = {}; // finding of each file
  private upside = false; // sorted the other way round
  private over = false;
  private naming = false;
  private readonly reload = () => void this.load();

  connectedCallback(): void {
    super.connectedCallback();
    store.addEventListener("files", this.reload);
    if (store.online) void this.load();
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    store.removeEventListener("files", this.reload);
  }

  protected willUpdate(): void {
    if (this.files === null && store.online) void this.load();
  }

  private async load(): Promise<void> {
    const folder = this.folder;
    this.files ??= [];
    try {
      const found = await store.call("server.files.get_directory", {
        path: `gcodes/${folder}`.replace(/\/$/, ""), extended: true,
      });
      if (folder !== this.folder) return;
      this.folders = found.dirs.filter((dir: Folder) => !dir.dirname.startsWith("."));
      this.room = found.disk_usage;
      this.files = found.files.filter((file: GcodeFile) => PRINTABLE.test(file.filename));
      void this.check(folder);
    } catch {
      if (folder && folder === this.folder) this.enter("");
    }
  }

  private async check(folder: string): Promise<void> {
    const path = `api/gantry/lint/folder?path=${encodeURIComponent(folder)}`;
    const found = await ask<{ files: Record<string, Severity | null> }>("GET", path).catch(() => null);
    if (found && folder === this.folder) this.worst = found.files;
  }

  private enter(folder: string): void {
    this.folder = folder;
    this.opened = "";
    this.files = null;
  }

  private path(name: string): string {
    return this.folder ? `${this.folder}/${name}` : name;
  }

  private async take(files: Iterable<File>): Promise<void> {
    for (const file of files) {
      await store.attempt(async () => {
        const progress = (share: number) => {
          this.uploads = new Map(this.uploads).set(file.name, share);
        };
        const stop = new AbortController();
        this.stops.set(file.name, stop);
        progress(0);
        try {
          await upload(file, this.folder, progress, stop.signal);
        } finally {
          const rest = new Map(this.uploads);
          rest.delete(file.name);
          this.uploads = rest;
          this.stops.delete(file.name);
        }
        await this.load();
      });
    }
  }

  private drop(event: DragEvent): void {
    event.preventDefault();
    this.over = false;
    void this.take([...(event.dataTransfer?.files ?? [])]);
  }

  private left(event: DragEvent): void {
    const outside = !(event.currentTarget as Element).contains(event.relatedTarget as Node | null);
    if (outside) this.over = false;
  }

  private picked(event: Event): void {
    const input = event.target as HTMLInputElement;
    void this.take([...(input.files ?? [])]).then(() => (input.value = ""));
  }

  private async makeFolder(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const name = String(new FormData(event.target as HTMLFormElement).get("name")).trim();
    const path = `gcodes/${this.path(name)}`;
    if (await store.attempt(() => store.call("server.files.post_directory", { path }))) {
      this.naming = false;
      await this.load();
    }
  }

  private async print(file: GcodeFile): Promise<void> {
    const path = this.path(file.filename);
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

  private shown(): GcodeFile[] {
    const wanted = this.search.trim().toLowerCase();
    const found = (this.files ?? [])
      .filter((file) => file.filename.toLowerCase().includes(wanted))
      .sort(ORDERS[this.sort]);
    return this.upside ? found.reverse() : found;
  }

  render() {
    const files = this.shown();
    return html`<div class="files ${this.over ? "over" : ""}"
      @dragover=${(event: DragEvent) => { event.preventDefault(); this.over = true; }}
      @dragleave=${this.left} @drop=${this.drop}>
      ${this.over ? html`<p class="drop-here">${t("files.drop")}</p>` : nothing}
      <div class="page-head"><h1>${t("files.title")}</h1>
        ${this.room
          ? html`<p class="quiet">${t("files.room", {
              free: bytes(this.room.free), total: bytes(this.room.total) })}</p>`
          : nothing}</div>
      ${this.tools()} ${this.crumbs()} ${this.underWay()}
      <ul class="file-list">
        ${this.search ? nothing : this.folders.map((folder) => this.folderRow(folder))}
        ${repeat(files, (file) => file.filename, (file) => this.row(file))}
      </ul>
      ${files.length || this.folders.length || this.files === null
        ? nothing
        : html`<p class="card quiet">${this.search ? t("files.noMatch") : t("files.none")}</p>`}
    </div>`;
  }

  private tools() {
    const sorts: [Sort, string][] = [
      ["modified", t("files.sortModified")], ["name", t("files.sortName")],
      ["time", t("files.sortTime")], ["size", t("files.sortSize")],
    ];
    return html`<div class="tools">
        ${store.may("FILES_UPLOAD")
          ? html`<label class="button primary upload">${icon("upload")} ${t("files.upload")}
                <input class="hidden" type="file" multiple @change=${this.picked}></label>
              <button type="button" aria-expanded=${this.naming}
                @click=${() => (this.naming = !this.naming)}>${t("files.folder")}</button>`
          : nothing}
        <label class="hidden" for="search">${t("files.search")}</label>
        <input id="search" type="search" class="grow" placeholder=${t("files.search")}
          .value=${this.search} @input=${(event: Event) => {
            this.search = (event.target as HTMLInputElement).value; }}>
        <label class="hidden" for="sort">${t("files.sort")}</label>
        <select id="sort" @change=${(event: Event) => {
          this.sort = (event.target as HTMLSelectElement).value as Sort; }}>
          ${sorts.map(([value, label]) => html`<option value=${value}>${label}</option>`)}
        </select>
        <button type="button" aria-pressed=${this.upside} aria-label=${t("files.upside")}
          @click=${() => (this.upside = !this.upside)}>${icon(this.upside ? "up" : "down")}</button>
      </div>
      ${this.naming
        ? html`<form class="row card" @submit=${this.makeFolder}>
            <label class="field grow">${t("files.folderName")}<input name="name" required></label>
            <button class="primary">${t("files.create")}</button></form>`
        : nothing}`;
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
    return html`<div role="status">${[...this.uploads].map(([name, share]) => html`
      <div class="card uploading"><span>${t("files.uploading", { name, share: percent(share) })}</span>
        <progress max="1" .value=${share} aria-label=${name}></progress>
        <button type="button" class="small" aria-label=${t("files.stopNamed", { name })}
          @click=${() => this.stops.get(name)?.abort()}>${t("files.stop")}</button></div>`)}</div>`;
  }

  private folderRow(folder: Folder) {
    return html`<li class="card file"><button type="button" class="plain folder"
      @click=${() => this.enter(this.path(folder.dirname))}>
      ${icon("folder")}<span>${folder.dirname}</span></button></li>`;
  }

  private row(file: GcodeFile) {
    const name = file.filename;
    const open = this.opened === name;
    const picture = file.thumbnails?.at(-1)?.relative_path;
    const facts = [
      file.estimated_time ? duration(file.estimated_time) : null,
      file.filament_weight_total ? grams(file.filament_weight_total)
        : file.filament_total ? metres(file.filament_total) : null,
      dateTime(file.modified),
      file.print_start_time ? t("files.printed") : null,
    ].filter(Boolean);
    return html`<li class="card file">
      <div class="file-head">
        <button type="button" class="plain file-open" aria-expanded=${open}
          @click=${() => (this.opened = open ? "" : name)}>
          <span class="thumb small-thumb">${picture
            ? html`<api-image .path=${this.picturePath(picture)} alt=""></api-image>`
            : icon("file")}</span>
          <span class="file-text"><strong>${name}</strong>
            <span class="quiet">${facts.join(" · ")}</span></span>
          ${this.badge(name)}
        </button>
        ${store.may("PRINT")
          ? html`<button type="button" class="print" @click=${() => this.print(file)}
              ?disabled=${store.info?.link !== "online" || store.info.phase !== "none"}
              aria-label=${t("files.printNamed", { name })}>${t("files.print")}</button>`
          : nothing}
      </div>
      ${open
        ? html`<file-details .file=${file} .path=${this.path(name)}></file-details>`
        : nothing}
    </li>`;
  }

  private picturePath(relative: string): string {
    const path = this.path(relative).split("/").map(encodeURIComponent).join("/");
    return `server/files/gcodes/${path}`;
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
