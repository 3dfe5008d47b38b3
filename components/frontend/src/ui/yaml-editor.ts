// An editor for YAML with marks at the lines that are wrong. It lives in a shadow, where its
// styles are adopted sheets: a strict policy allows no others.
import {
  autocompletion, completionKeymap, type Completion, type CompletionContext,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { linter, lintGutter, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { t } from "../core/i18n";
import { placeAt, wordsOf, type Described, type Schema } from "../core/yaml-schema";

export interface Problem {
  file: string;
  line: number;
  column: number;
  message: string;
  hint: string | null;
}

const LOOK = EditorView.theme({
  "&": { height: "100%", fontSize: "0.88rem", color: "var(--text)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
    lineHeight: "1.6",
  },
  ".cm-content": { caretColor: "var(--text)", padding: "0.6rem 0" },
  ".cm-gutters": { background: "var(--sunken)", color: "var(--text-quiet)", border: "none" },
  ".cm-activeLine": { background: "color-mix(in srgb, var(--accent) 8%, transparent)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-tooltip": {
    background: "var(--surface)", color: "var(--text)", border: "1px solid var(--line-strong)",
    borderRadius: "0.4rem",
  },
  ".cm-lintRange-error": { backgroundImage: "none", borderBottom: "2px solid var(--bad)" },
  ".cm-tooltip-autocomplete > ul > li": { padding: "0.3rem 0.6rem !important" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
    background: "var(--accent-soft) !important", color: "var(--text) !important",
  },
  ".cm-completionDetail": { color: "var(--text-quiet)", fontStyle: "normal" },
  ".cm-tooltip.cm-completionInfo": { padding: "0.5rem 0.7rem", maxWidth: "20rem" },
  ".cm-selectionBackground": { background: "var(--accent-soft)" },
});

const COLOURS = HighlightStyle.define([
  { tag: tags.comment, color: "var(--text-quiet)", fontStyle: "italic" },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--busy)" },
  { tag: [tags.typeName, tags.keyword, tags.meta], color: "var(--waiting)" },
]);

const detail = (option: Described): string =>
  [
    option.required ? t("config.required") : "",
    option.default === undefined || option.default === "" ? option.type : `${option.default}`,
  ].filter(Boolean).join(" · ");

const limits = ({ least, most }: Described): string =>
  least === undefined && most === undefined ? "" : `${least ?? "…"} – ${most ?? "…"}`;

const keyCompletion = ([name, option]: [string, Described]): Completion => ({
  label: name,
  apply: option.options || option.items ? `${name}:` : `${name}: `,
  detail: detail(option),
  info: [option.description, option.words?.join(", "), limits(option)].filter(Boolean).join("\n")
    || undefined,
  type: "property",
  boost: option.required ? 1 : 0,
});

export class YamlEditor extends HTMLElement {
  label = "";
  schema: Promise<Schema | null> | null = null; // without it there is no completion
  private view: EditorView | null = null;
  private waiting = "";

  connectedCallback(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    this.view = new EditorView({ state: this.stateOf(this.waiting), parent: root, root });
  }

  disconnectedCallback(): void {
    this.waiting = this.value;
    this.view?.destroy();
    this.view = null;
  }

  get value(): string {
    return this.view?.state.doc.toString() ?? this.waiting;
  }

  set value(text: string) {
    this.waiting = text;
    this.view?.setState(this.stateOf(text));
  }

  focus(): void {
    this.view?.focus();
  }

  show(problems: Problem[]): void {
    const view = this.view;
    if (!view) return;
    const found = problems.map((problem): Diagnostic => {
      const number = Math.min(Math.max(problem.line, 1), view.state.doc.lines);
      const line = view.state.doc.line(number);
      const from = Math.min(line.from + Math.max(problem.column - 1, 0), line.to);
      const message = problem.hint ? `${problem.message} (${problem.hint})` : problem.message;
      return { from, to: line.to, severity: "error", message };
    });
    view.dispatch(setDiagnostics(view.state, found));
  }

  go(number: number): void {
    const view = this.view;
    if (!view) return;
    const line = view.state.doc.line(Math.min(Math.max(number, 1), view.state.doc.lines));
    view.dispatch({ selection: { anchor: line.from }, scrollIntoView: true });
    view.focus();
  }

  private async complete(context: CompletionContext) {
    const schema = await this.schema; // also for what was typed before it came
    if (schema === null) return null;
    const { doc } = context.state;
    const line = doc.lineAt(context.pos);
    const place = placeAt(schema, doc.toString(), line.number - 1, context.pos - line.from);
    if (!place) return null;
    const from = line.from + place.from;
    if (place.kind === "key") {
      if (from === context.pos && !context.explicit) return null;
      return { from, options: Object.entries(place.options).map(keyCompletion), validFor: /^[\w-]*$/ };
    }
    const words = place.value ? wordsOf(place.value) : [];
    const options = words.map((label) => ({ label, type: "constant" }));
    return options.length ? { from, options, validFor: /^\S*$/ } : null;
  }

  private stateOf(text: string): EditorState {
    return EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        lintGutter(),
        linter(null),
        history(),
        highlightActiveLine(),
        yaml(),
        autocompletion({
          override: [(context) => this.complete(context)],
          icons: false,
          closeOnBlur: true,
        }),
        indentUnit.of("  "),
        syntaxHighlighting(COLOURS),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": this.label, tabindex: "0" }),
        keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
        LOOK,
        EditorView.updateListener.of((update) => {
          if (update.docChanged) this.dispatchEvent(new Event("edit"));
        }),
      ],
    });
  }
}
customElements.define("yaml-editor", YamlEditor);
