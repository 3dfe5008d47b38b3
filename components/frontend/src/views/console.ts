// The dialogue with the printer: everything that is said, and who said it.
import { html, nothing, type PropertyValues } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { commands, matching } from "../core/commands";
import { Dialogue, kindOf, type Kind, type Line } from "../core/console";
import { t } from "../core/i18n";
import { store } from "../core/store";
import { View } from "../ui/view";

const KEPT = 50; // commands
const LINES = 1000;
const EVERY_MS = 1000;
const SUGGESTED = 7;
const HIDABLE = ["report", "ok", "job"] as const;
const SHOWN = "gantry.console.shown"; // kinds that are shown, in this browser
const PAST = "gantry.console.past";

class ConsoleView extends View {
  static properties = {
    filter: { state: true }, shown: { state: true }, options: { state: true },
    option: { state: true },
  };
  private filter = "";
  private shown: ReadonlySet<Kind> = new Set(["talk", ...stored<Kind>(localStorage, SHOWN)]);
  private past = stored<string>(sessionStorage, PAST);
  private back = 0; // how far one has gone back
  private follows = true;
  private known: Record<string, string> = {};
  private options: [string, string][] = [];
  private option = -1; // the suggestion under the arrow keys
  private timer: number | undefined;
  private readonly dialogue = new Dialogue(LINES);

  connectedCallback(): void {
    super.connectedCallback();
    void this.follow();
    this.timer = window.setInterval(() => {
      if (!document.hidden && store.online) void this.follow();
    }, EVERY_MS);
    void commands().then((known) => {
      this.known = known;
      if (this.querySelector("#command:focus")) this.typed();
    });
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  private async follow(): Promise<void> {
    if (await this.dialogue.more().catch(() => false)) this.requestUpdate();
  }

  protected willUpdate(): void {
    const log = this.querySelector(".log");
    if (log) this.follows = log.scrollTop + log.clientHeight > log.scrollHeight - 40;
  }

  protected updated(_changed: PropertyValues): void {
    const log = this.querySelector(".log");
    if (log && this.follows) log.scrollTop = log.scrollHeight;
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
    const log = this.querySelector(".log");
    if (log) log.scrollTop = log.scrollHeight;
    const done = store.attempt(() => store.gcode(text));
    await this.follow();
    await done;
    await this.follow();
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

  render() {
    const wanted = this.filter.toLowerCase();
    const lines = this.dialogue.lines.filter((line) =>
      this.shown.has(kindOf(line)) && line.text.toLowerCase().includes(wanted));
    return html`<div class="page-head"><h1>${t("console.title")}</h1>
        <label class="hidden" for="filter">${t("console.filter")}</label>
        <input id="filter" type="search" placeholder=${t("console.filter")}
          @input=${(event: Event) => {
            this.filter = (event.target as HTMLInputElement).value; }}></div>
      <div class="row filters" role="group" aria-label=${t("console.show")}>
        ${HIDABLE.map((kind) => html`<label class="check"><input type="checkbox"
          .checked=${this.shown.has(kind)} @change=${(event: Event) =>
            this.toggle(kind, (event.target as HTMLInputElement).checked)}>
          ${t(`console.kind.${kind}`)}</label>`)}</div>
      <div class="log mono" role="log" tabindex="0" aria-label=${t("console.log")}
        data-empty=${t("console.empty")}>
        ${repeat(lines, (line) => `${line.time} ${line.number}`, (line) => this.line(line))}
      </div>
      ${store.may("CONTROL") ? this.prompt() : nothing}`;
  }

  private line(line: Line) {
    const wrong = /^(!!|Error:)/.test(line.text) ? "wrong" : "";
    return html`<div class="line ${line.direction} ${wrong}"><time>${time(line.time)}</time>
      <span>${line.text}</span>${line.direction === "sent" && line.origin
        ? html`<span class="origin">${line.origin}</span>`
        : nothing}</div>`;
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

const time = (unix: number) => new Date(unix * 1000).toTimeString().slice(0, 8);

customElements.define("console-view", ConsoleView);
