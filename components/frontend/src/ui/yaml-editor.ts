// An editor for YAML with marks at the lines that are wrong. It lives in a shadow, where its
// styles are adopted sheets: a strict policy allows no others.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { linter, lintGutter, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

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
  ".cm-selectionBackground": { background: "var(--accent-soft)" },
});

const COLOURS = HighlightStyle.define([
  { tag: tags.comment, color: "var(--text-quiet)", fontStyle: "italic" },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--busy)" },
  { tag: [tags.typeName, tags.keyword, tags.meta], color: "var(--waiting)" },
]);

export class YamlEditor extends HTMLElement {
  label = "";
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
        indentUnit.of("  "),
        syntaxHighlighting(COLOURS),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": this.label, tabindex: "0" }),
        keymap.of([...defaultKeymap, ...historyKeymap]),
        LOOK,
        EditorView.updateListener.of((update) => {
          if (update.docChanged) this.dispatchEvent(new Event("edit"));
        }),
      ],
    });
  }
}
customElements.define("yaml-editor", YamlEditor);
