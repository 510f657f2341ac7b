// What is special about a resource, beyond its description. A table that is not here is entirely generic.
import type { IconProps } from "@tabler/icons-react";
import type { useNavigate } from "@tanstack/react-router";
import type { ComponentType } from "react";
import type { Listed, TableName } from "../bindings";
import type { Notes } from "../components/form/notes";
import type { FormProps } from "../components/form/useRowForm";
import type { CodeLanguage } from "../components/form/values";
import type { RowAction } from "../components/RowMenu";
import type { ListColumn } from "../components/rows/columns";
import { adapters } from "./adapters";
import { configs } from "./configs";
import { datasets } from "./datasets";
import { evaluations, trainings } from "./jobs";
import { models } from "./models";
import { prompts } from "./prompts";

/** Goes to another page. */
export type Go = ReturnType<typeof useNavigate>;

export type Action = {
  label: string;
  icon: ComponentType<IconProps>;
  run: (go: Go) => void;
  /** Its label says by itself what it is about, so the palette adds nothing to it. */
  plain?: boolean;
};

export type ResourceExtras = {
  /** Takes the place of "New" as the page's main button, Ctrl+N and the palette's entry. */
  primaryAction?: Action;
  /** What the generic form is called beside a primary action ("Add from the Hub"). */
  formLabel?: string;
  /** What the generic form starts with, by column. */
  formDefaults?: Record<string, string>;
  /** Takes the place of the generic form. It is made of `useRowForm` and `FormFrame`, as that one is. */
  form?: ComponentType<FormProps>;
  /** How the text of a `code` column is written, given the other fields. JSON when not told. */
  codeLanguage?: CodeLanguage;
  /** Other ways to make a row, beside the main button. */
  moreActions?: Action[];
  /** What is said below a field of the form, from what is typed so far. */
  notes?: Notes;
  /** Shown in the detail panel above the fields. */
  detail?: ComponentType<{ listed: Listed }>;
  /** Columns of the list beside those of the table, after the name. */
  columns?: ListColumn[];
  /** Stands between the title of the page and its list. */
  above?: ComponentType;
  /** What can be done with one row, beside what can be done with every row. */
  rowActions?: (listed: Listed, go: Go) => RowAction[];
  /** What more can be done with the rows selected in the list, beside deleting them. */
  forSelection?: ComponentType<{ ids: string[] }>;
  /** Lives in the frame, on every page: dialogs that can open from anywhere, drops on the window. */
  mount?: ComponentType;
};

const registry: Partial<Record<TableName, ResourceExtras>> = {
  datasets,
  prompts,
  configs,
  models,
  adapters,
  fine_tuning_jobs: trainings,
  evaluation_jobs: evaluations,
};

export function extrasOf(table: TableName): ResourceExtras {
  return registry[table] ?? {};
}

export const mounts: ComponentType[] = Object.values(registry).flatMap(({ mount }) => mount ?? []);
