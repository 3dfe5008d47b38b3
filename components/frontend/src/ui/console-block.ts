// A hundred lines of the dialogue: drawn once, and again only when they or the wish change.
import { html, LitElement, nothing } from "lit";
import { kindOf, type Kind, type Line } from "../core/console";
import { t, type Key } from "../core/i18n";

const LINE_REM = 1.4;
const WRONG = /^(!!|Error:)/;
// Who speaks without being a person or an app.
const OWN = new Set([
  "job", "poll", "probe", "handshake", "script", "sd", "watchdog", "claim", "macro", "automation",
]);

export const originOf = (line: Line): string =>
  OWN.has(line.origin) ? t(`console.origin.${line.origin}` as Key) : line.origin;

export const isShown = (line: Line, shown: ReadonlySet<Kind>, wanted: string): boolean =>
  shown.has(kindOf(line)) &&
  (!wanted || `${line.text} ${originOf(line)}`.toLowerCase().includes(wanted));

export const timeOf = (line: Line) => new Date(line.time * 1000).toTimeString().slice(0, 8);

class ConsoleBlock extends LitElement {
  static properties = { lines: { attribute: false }, shown: { attribute: false }, wanted: {} };
  lines: Line[] = [];
  shown: ReadonlySet<Kind> = new Set();
  wanted = "";

  protected createRenderRoot(): HTMLElement {
    return this;
  }

  render() {
    const lines = this.lines.filter((line) => isShown(line, this.shown, this.wanted));
    // What is far away is not laid out; about so high it is.
    this.style.containIntrinsicBlockSize = `auto ${lines.length * LINE_REM}rem`;
    return lines.map((line) => html`<div
        class="line ${line.direction} ${WRONG.test(line.text) ? "wrong" : ""}"
        ><time>${timeOf(line)}</time><span>${line.text}</span>${line.direction === "sent" && line.origin
          ? html`<span class="origin">${originOf(line)}</span>`
          : nothing}</div>`);
  }
}
customElements.define("console-block", ConsoleBlock);
