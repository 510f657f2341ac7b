import type { FileCondition, FileState, Relocated } from "../../../bindings";
import { plural } from "../../../format/texts";

type Notice = { title: string; about: string };

/** The notice about a changed file; null for an unchanged one. */
export function conditionNotice({ condition, compared }: FileState): Notice | null {
  if (condition === "touched" && compared) {
    return {
      title: "The file was rewritten with the same content",
      about: "Every byte was compared. Nothing needs to be done.",
    };
  }
  return notices[condition];
}

const notices: Record<FileCondition, Notice | null> = {
  there: null,
  touched: {
    title: "The file was rewritten since it was read",
    about: "Its size is the same. Compare the content to see whether it changed.",
  },
  changed: {
    title: "The file has changed",
    about:
      "Its rows may differ now, also for the prompts and jobs that use it. Accept it as it is, or choose the file with the original rows.",
  },
  missing: {
    title: "The file is missing",
    about: "It was moved, renamed or deleted, or its disk is not connected. Choose where it is now.",
  },
  never_read: {
    title: "The file was never read on this computer",
    about:
      "The dataset comes from another computer or program, so it is unknown whether the file has changed. Once it is read, changes will be detected.",
  },
};

const columnsNow = ({ columns_changed }: Relocated) =>
  columns_changed
    ? "Its columns have other names than before. Check the prompts that use them."
    : "Its columns have the same names as before.";

/** The notice after the way in which a dataset's file is read was changed. */
export function readAnewNotice(done: Relocated, rows: number): Notice {
  return { title: `${done.dataset.label} has ${plural(rows, "row")} now`, about: columnsNow(done) };
}

/** The notice after a dataset was pointed to a file. */
export function relocationNotice(done: Relocated): Notice {
  const { same_content, dataset } = done;
  const columns = columnsNow(done);
  if (same_content === true) {
    return { title: `${dataset.label} has the same content`, about: "Nothing else changes." };
  }
  if (same_content === false) return { title: `${dataset.label} has other rows now`, about: columns };
  return {
    title: `${dataset.label} was read`,
    about: `It was not read before, so it is unknown whether the content is the same. ${columns}`,
  };
}
