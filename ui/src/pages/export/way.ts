// What the page needs to know of a way to export. Each way has a file in `ways/`.
import type { ComponentType } from "react";
import type { ExportPlan, TableName, Way } from "../../bindings";
import type { Fact } from "../../components/Facts";
import type { PageFields } from "../../components/form/fieldProps";

export type WayName = Way["way"];

export type SettingsOf<Name extends WayName> = Extract<Way, { way: Name }>["settings"];

export type WayFormProps<Name extends WayName> = {
  settings: SettingsOf<Name>;
  change: (some: Partial<SettingsOf<Name>>) => void;
  /** The fields that all ways share: `name`, `base` and `to`. */
  page: PageFields;
  /** What the core plans for these settings, once it has. */
  plan: ExportPlan | undefined;
  /** The table of what is exported. */
  table: TableName;
};

export type WayOf<Name extends WayName> = {
  way: Name;
  label: string;
  /** What it writes and for whom, in a sentence. */
  about: string;
  initial: SettingsOf<Name>;
  /** The settings that depend on the row. */
  initialOf?: (row: { table: TableName; label: string }) => Partial<SettingsOf<Name>>;
  /** What the result of a row is called unless that is changed. */
  name: (row: string) => string;
  /** The end of the name of the file that is written; none for a folder. */
  ending?: string;
  Form: ComponentType<WayFormProps<Name>>;
  /** Labels of its fields, by the column of a problem. */
  labels?: Record<string, string>;
  /** Facts of the plan beside those that all ways have. */
  facts?: (plan: ExportPlan | undefined, settings: SettingsOf<Name>) => Fact[];
};
