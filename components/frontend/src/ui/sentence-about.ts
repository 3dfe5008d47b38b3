// A sentence in which a file is named. A long name is cut in its middle, where names differ
// least; it is there as a whole for whoever listens, copies or points at it.
import { html } from "lit";
import { fileName } from "../core/format";

const LONG = 24; // characters
const END = 14; // with the ending: what tells one version from the other

export function sentenceAbout(file: string | undefined, sentence: string): unknown {
  const name = fileName(file ?? "");
  const at = name.length > LONG ? sentence.indexOf(name) : -1;
  if (at < 0) return sentence;
  const letters = [...name];
  const [start, end] = [letters.slice(0, -END).join(""), letters.slice(-END).join("")];
  return html`${sentence.slice(0, at)}<span class="cut" title=${name}><span>${start}</span><span
    >${end}</span></span>${sentence.slice(at + name.length)}`;
}
