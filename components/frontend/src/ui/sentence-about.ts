// A sentence in which a file is named. A long name is cut in its middle, where names differ
// least; whoever listens to it, copies it or points at it gets the whole.
import { html } from "lit";
import { fileName } from "../core/format";

const LONG = 32; // characters
const START = 16;
const END = 14; // with the ending: what tells one version from the other

export function sentenceAbout(file: string | undefined, sentence: string): unknown {
  const name = fileName(file ?? "");
  const at = name.length > LONG ? sentence.indexOf(name) : -1;
  if (at < 0) return sentence;
  const letters = [...name];
  const cut = [...letters.slice(0, START), "…", ...letters.slice(-END)].join("");
  return html`${sentence.slice(0, at)}<span class="hidden">${name}</span><span
    class="cut" aria-hidden="true" title=${name}>${cut}</span>${sentence.slice(at + name.length)}`;
}
