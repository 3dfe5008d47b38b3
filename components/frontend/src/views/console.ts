// The dialogue with the printer: everything that is said, and who said it.
import { html, nothing, type PropertyValues } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { commands, matching } from "../core/commands";
import { Dialogue, type Kind, type Line } from "../core/console";
import { copy } from "../core/copy";
import { number } from "../core/format";
import { t } from "../core/i18n";
import { store } from "../core/store";
import { isShown, originOf, timeOf } from "../ui/console-block";
import { View } from "../ui/view";

const KEPT = 50; // commands
const LINES = 10_000;
const TYPED_MS = 200; // until what was typed filters
const SUGGESTED = 7;
const HIDABLE = ["report", "ok", "job"] as const;
const SHOWN = "gantry.console.shown"; // kinds that are shown, in this browser
const PAST = "gantry.console.past";

class ConsoleView extends View {
  static properties = {
    filter: { state: true }, shown: { state: true }, options: { state: true },
    option: { state: true }, away: { state: true }, copied: { state: true },
  };
  private filter = "";
  private shown: ReadonlySet<Kind> = new Set(["talk", ...stored<Kind>(localStorage, SHOWN)]);
  private past = stored<string>(sessionStorage, PAST);
  private back = 0; // how far one has gone back
  private away = false; // looking at what was said before
  private copied = "";
  private drawn: Line[][] = [];
  private known: Record<string, string> = {};
  private options: [string, string][] = [];
  private option = -1; // the suggestion under the arrow keys
  private timer: number | undefined;
  private readonly dialogue = new Dialogue(LINES, () => this.requestUpdate());

  connectedCallback(): void {
    super.connectedCallback();
    this.dialogue.start();
    void commands().then((known) => {
      this.known = known;
      if (this.querySelector("#command:focus")) this.typed();
    }, () => undefined); // without suggestions
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    this.dialogue.stop();
    clearTimeout(this.timer);
  }

  // Only what is new moves the page: the printer changes more often than it speaks.
  protected updated(changed: PropertyValues): void {
    const { blocks } = this.dialogue;
    const other = blocks !== this.drawn || changed.has("shown") || changed.has("filter");
    this.drawn = blocks;
    if (other && !this.away) void this.toEnd();
  }

  // Blocks are drawn a moment after the list of them.
  private async toEnd(): Promise<void> {
    const log = this.querySelector(".log");
    await (log?.lastElementChild as { updateComplete?: Promise<unknown> } | null)?.updateComplete;
    if (log && !this.away) log.scrollTop = log.scrollHeight;
  }

  private scrolled(event: Event): void {
    const log = event.target as HTMLElement;
    this.away = log.scrollTop + log.clientHeight < log.scrollHeight - 40;
  }

  private return_(): void {
    this.away = false;
    void this.toEnd();
    this.querySelector<HTMLElement>(".log")?.focus();
  }

  private search(event: Event): void {
    const wanted = (event.target as HTMLInputElement).value.toLowerCase();
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => (this.filter = wanted), TYPED_MS);
  }

  private async copy(): Promise<void> {
    const lines = this.dialogue.lines.filter((line) => isShown(line, this.shown, this.filter));
    const done = await copy(lines.map(asText).join("\n"));
    this.copied = done ? t("console.copied", { lines: number(lines.length) }) : t("console.notCopied");
  }

  private async send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const input = this.input;
    const text = input.value.trim();
    if (!text) return;
    this.past = [...this.past.filter((each) => each !== text), text].slice(-KEPT);
    sessionStorage.setItem(PAST, JSON.stringify(this.past));
    this.back = 0;
    input.value = "";
    this.options = [];
    this.away = false;
    void this.toEnd();
    await store.attempt(() => store.gcode(text));
  }

  private get input(): HTMLInputElement {
    return this.querySelector<HTMLInputElement>("#command")!;
  }

  private typed(): void {
    this.options = matching(this.known, this.input.value, SUGGESTED);
    this.option = -1;
  }

  private take(option: string): void {
    this.input.value = `${option} `;
    this.options = [];
    this.input.focus();
  }

  private pressed(event: KeyboardEvent): void {
    const step = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    if (this.options.length) this.choose(event, -step);
    else if (step && this.past.length) {
      event.preventDefault();
      this.back = Math.max(0, Math.min(this.past.length, this.back + step));
      this.input.value = this.back ? this.past[this.past.length - this.back] : "";
    }
  }

  private choose(event: KeyboardEvent, step: number): void {
    const count = this.options.length;
    if (step) this.option = (this.option + step + count + (this.option < 0 && step < 0 ? 1 : 0)) % count;
    else if (event.key === "Enter" && this.option >= 0) this.take(this.options[this.option][0]);
    else if (event.key === "Escape") this.options = [];
    else return;
    event.preventDefault();
  }

  private toggle(kind: Kind, on: boolean): void {
    const shown = new Set(this.shown);
    if (on) shown.add(kind);
    else shown.delete(kind);
    this.shown = shown;
    localStorage.setItem(SHOWN, JSON.stringify([...shown]));
  }

  private speaks(): boolean {
    return this.dialogue.blocks.some((lines) =>
      lines.some((line) => isShown(line, this.shown, this.filter)));
  }

  render() {
    return html`<div class="page-head"><h1>${t("console.title")}</h1>
        <label class="hidden" for="filter">${t("console.filter")}</label>
        <input id="filter" type="search" placeholder=${t("console.filter")} @input=${this.search}></div>
      <div class="row filters" role="group" aria-label=${t("console.show")}>
        ${HIDABLE.map((kind) => html`<label class="check"><input type="checkbox"
          .checked=${this.shown.has(kind)} @change=${(event: Event) =>
            this.toggle(kind, (event.target as HTMLInputElement).checked)}>
          ${t(`console.kind.${kind}`)}</label>`)}
        <span class="grow"></span>
        <span class="quiet small-text" role="status">${this.copied}</span>
        <button type="button" class="plain small" @click=${this.copy}>${t("console.copy")}</button>
        <button type="button" class="plain small" @click=${() => this.dialogue.clear()}
          >${t("console.clear")}</button></div>
      <div class="log-frame">
        <div class="log mono ${this.speaks() ? "" : "empty"}" role="log" tabindex="0" aria-label=${t("console.log")}
          data-empty=${t("console.empty")} @scroll=${this.scrolled}>
          ${repeat(this.dialogue.blocks, ([first]) => `${first.time} ${first.number}`, (lines) =>
            html`<console-block .lines=${lines} .shown=${this.shown}
              .wanted=${this.filter}></console-block>`)}
        </div>
        ${this.away
          ? html`<button type="button" class="newest small" @click=${this.return_}
              >${t("console.newest")}</button>`
          : nothing}
      </div>
      ${store.may("CONTROL") ? this.prompt() : nothing}`;
  }

  private prompt() {
    const open = this.options.length > 0;
    return html`<form class="row prompt" @submit=${this.send}>
      <label class="hidden" for="command">${t("console.command")}</label>
      <div class="grow combo">
        ${open
          ? html`<ul id="commands" class="options" role="listbox" aria-label=${t("console.commands")}>
              ${this.options.map(([name, help], index) => html`<li role="option" id="option-${index}"
                aria-selected=${index === this.option} @pointerdown=${(event: Event) => {
                  event.preventDefault(); this.take(name); }}>
                <strong class="mono">${name}</strong> <span class="quiet">${help}</span></li>`)}</ul>`
          : nothing}
        <input id="command" class="mono" autocomplete="off" autocapitalize="characters"
          spellcheck="false" placeholder=${t("console.command")} aria-describedby="command-hint"
          role="combobox" aria-autocomplete="list" aria-expanded=${open}
          aria-controls=${open ? "commands" : nothing}
          aria-activedescendant=${open && this.option >= 0 ? `option-${this.option}` : nothing}
          @input=${this.typed} @blur=${() => (this.options = [])} @keydown=${this.pressed}>
      </div>
      <button class="primary" ?disabled=${!store.online}>${t("console.send")}</button>
      <span class="hidden" id="command-hint">${t("console.hint")}</span>
    </form>`;
  }
}

function stored<T>(storage: Storage, name: string): T[] {
  try {
    const found = JSON.parse(storage.getItem(name) ?? "[]");
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

const SIGNS = { sent: ">", received: "<", note: "|" };

const asText = (line: Line) =>
  `${timeOf(line)} ${SIGNS[line.direction]} ${line.text}${
    line.direction === "sent" && line.origin ? `  (${originOf(line)})` : ""}`;

customElements.define("console-view", ConsoleView);
