// What the window adds to a resource beyond the description of its table.
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

/** Navigates to another page. */
export type Go = ReturnType<typeof useNavigate>;

export type Action = {
  label: string;
  icon: ComponentType<IconProps>;
  run: (go: Go) => void;
  /** The label needs no name of the resource in the palette. */
  plain?: boolean;
};

export type ResourceExtras = {
  /** Replaces "New" as the page's main button, for Ctrl+N and in the palette. */
  primaryAction?: Action;
  /** The label of the form's button beside a primary action ("Add from the Hub"). */
  formLabel?: string;
  /** Initial values of a new row, by column. */
  formDefaults?: Record<string, string>;
  /** Replaces the generic form. It uses `useRowForm` and `FormFrame` as well. */
  form?: ComponentType<FormProps>;
  /** The language of `code` columns. JSON if absent. */
  codeLanguage?: CodeLanguage;
  /** More ways to make a row. */
  moreActions?: Action[];
  /** Notes below the fields of the form. */
  notes?: Notes;
  /** Shown in the detail panel above the fields. */
  detail?: ComponentType<{ listed: Listed }>;
  /** Columns of the list in addition to those of the table, after the name. */
  columns?: ListColumn[];
  /** Shown between the title of the page and its list. */
  above?: ComponentType;
  /** Actions on one row in addition to the common ones. */
  rowActions?: (listed: Listed, go: Go) => RowAction[];
  /** Buttons for the selected rows, in addition to the common ones. */
  forSelection?: ComponentType<{ ids: string[] }>;
  /** Mounted in the frame on every page, for dialogs and for drops on the window. */
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
