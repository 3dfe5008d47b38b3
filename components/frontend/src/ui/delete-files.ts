// Asks before files go for good: what, how many, how large.
import { bytes, number } from "../core/format";
import { deleteAll, nameOf, weigh, type Picked } from "../core/gcodes";
import { t } from "../core/i18n";
import { decide } from "./question-dialog";

// Whether they were deleted; what the server refuses is thrown.
export async function deleteAsked(picked: Picked): Promise<boolean> {
  const paths = [...picked.keys()];
  const { files, folders, bytes: size } = await weigh(picked);
  const alone = paths.length === 1;
  const { answer } = await decide<"delete">({
    title: alone ? t("files.deleteOne", { name: nameOf(paths[0]) }) : t("files.deleteMany"),
    text: [
      t("files.deleteCount", { files: number(files), size: bytes(size) }),
      folders ? t("files.deleteFolders", { folders: number(folders) }) : "",
      t("files.deleteForGood"),
    ].filter(Boolean).join(" "),
    list: alone ? [] : paths.map(nameOf),
    answers: [["delete", t("files.deleteSelected"), "danger"]],
  });
  if (answer === null) return false;
  await deleteAll(picked);
  return true;
}
