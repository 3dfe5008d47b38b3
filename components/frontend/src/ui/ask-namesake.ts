// Asks what becomes of a file that is brought where there is one of that name already.
import { t } from "../core/i18n";
import { store } from "../core/store";
import type { Asking } from "../core/uploads";
import { decide } from "./question-dialog";

export const askNamesake: Asking = async (name, more) => {
  const may = store.may("FILES_DELETE");
  const { answer, all } = await decide<"replace" | "both">({
    title: t("files.thereTitle", { name }),
    text: t(may ? "files.thereText" : "files.thereBoth"),
    leave: more ? t("files.skip") : undefined,
    all: more ? t("files.forAll") : undefined,
    answers: [
      ...(may ? [["replace", t("files.replace"), "danger"] as ["replace", string, string]] : []),
      ["both", t("files.both"), "primary"],
    ],
  });
  return { rule: answer ?? "leave", all };
};
