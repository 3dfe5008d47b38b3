// Files on their way to the server, one after the other, each with its progress.
import { Refusal, upload } from "./api";
import { free, isPrintable, join, namesIn } from "./gcodes";
import { store } from "./store";

export interface Coming {
  file: File;
  folder: string; // below the root
}

interface Entry {
  isDirectory: boolean;
  name: string;
  file?: (take: (file: File) => void, fail: (why: unknown) => void) => void;
  createReader?: () => {
    readEntries(take: (entries: Entry[]) => void, fail: (why: unknown) => void): void;
  };
}

// What becomes of a file whose name is taken.
export type Rule = "replace" | "both" | "leave";

// Asks somebody what becomes of it. With more files to come they may say it for all of them.
export type Asking = (name: string, more: boolean) => Promise<{ rule: Rule; all: boolean }>;

class Uploads extends EventTarget {
  present: { name: string; share: number } | null = null;
  waiting: Coming[] = [];
  private stopper = new AbortController();
  private rule: Rule | null = null; // for all names that are there already, once it was said
  private asking: Asking = () => Promise.resolve({ rule: "leave", all: false });
  private taken = new Map<string, Set<string>>(); // names by their folder

  add(coming: Coming[], asking: Asking): Promise<void> {
    this.asking = asking;
    this.waiting.push(...coming);
    return this.present ? Promise.resolve() : this.work();
  }

  // Stops the one that is under way.
  stop(): void {
    this.stopper.abort();
  }

  stopAll(): void {
    this.waiting = [];
    this.stop();
  }

  private async work(): Promise<void> {
    let next: Coming | undefined;
    const problems: string[] = [];
    while ((next = this.waiting.shift())) {
      const { file } = next;
      this.stopper = new AbortController();
      this.now({ name: file.name, share: 0 });
      await this.bring(next).catch((error: Error) => problems.push(`${file.name}: ${error.message}`));
      this.dispatchEvent(new Event("done"));
    }
    this.rule = null;
    this.taken.clear();
    this.now(null);
    if (problems.length) await store.attempt(() => Promise.reject(new Error(problems.join("\n"))));
  }

  private async bring({ file, folder }: Coming): Promise<void> {
    const taken = this.taken.get(folder) ?? await namesIn(folder);
    this.taken.set(folder, taken);
    if (taken.has(file.name)) return this.again(file, folder, taken);
    try {
      await this.send(file, folder, false);
    } catch (error) {
      // The server has found that it keeps the file by another name, and that this is taken.
      if (!(error instanceof Refusal) || error.status !== 409) throw error;
      taken.add(file.name);
      return this.again(file, folder, taken);
    }
    taken.add(file.name);
  }

  // There is one of that name: whoever brings it says what becomes of it.
  private async again(file: File, folder: string, taken: Set<string>): Promise<void> {
    const rule = this.rule ?? await this.ask(file.name);
    if (rule === "leave" || this.stopper.signal.aborted) return;
    if (rule === "replace") return this.send(file, folder, true);
    const name = free(file.name, taken);
    taken.add(name);
    await this.send(new File([file], name, { type: file.type }), folder, false);
  }

  private async ask(name: string): Promise<Rule> {
    const { rule, all } = await this.asking(name, this.waiting.length > 0);
    if (all) this.rule = rule;
    return rule;
  }

  private send(file: File, path: string, replace: boolean): Promise<void> {
    const progress = (share: number) => this.now({ name: file.name, share });
    const fields = { path, noOverwrite: String(!replace) };
    return upload(file, fields, progress, this.stopper.signal);
  }

  private now(present: Uploads["present"]): void {
    this.present = present;
    this.dispatchEvent(new Event("change"));
  }
}

// They go on while somebody looks at another page.
export const uploads = new Uploads();

// What was dropped: files, and folders with all that can be printed in them.
export async function dropped(data: DataTransfer, folder: string): Promise<[Coming[], number]> {
  // All at once: after the first wait the browser has forgotten what was dropped.
  const items = [...data.items].filter((item) => item.kind === "file").map((item) => ({
    entry: item.webkitGetAsEntry?.() as Entry | null, file: item.getAsFile(),
  }));
  const found: Coming[] = [];
  const count = { left: 0 };
  for (const { entry, file } of items) {
    if (entry?.isDirectory) await walk(entry, join(folder, entry.name), found, count);
    else if (file) found.push({ file, folder });
  }
  return [found, count.left];
}

async function walk(entry: Entry, folder: string, found: Coming[], count: { left: number }) {
  const reader = entry.createReader!();
  const some = () => new Promise<Entry[]>((take, fail) => reader.readEntries(take, fail));
  for (let entries = await some(); entries.length; entries = await some()) {
    for (const each of entries) {
      if (each.isDirectory) await walk(each, join(folder, each.name), found, count);
      else if (!isPrintable(each.name)) count.left++;
      else {
        const file = await new Promise<File>((take, fail) => each.file!(take, fail));
        found.push({ file, folder });
      }
    }
  }
}

// What was chosen by a dialog; files of a folder say where in it they are.
export function chosen(files: Iterable<File>, folder: string): [Coming[], number] {
  const all = [...files];
  const kept = all.filter((file) => !file.webkitRelativePath || isPrintable(file.name));
  const coming = kept.map((file) => {
    const below = file.webkitRelativePath.split("/").slice(0, -1).join("/");
    return { file, folder: below ? join(folder, below) : folder };
  });
  return [coming, all.length - kept.length];
}
