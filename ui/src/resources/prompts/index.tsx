import { IconEye } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { idOf } from "../../api/tables";
import type { FormProps } from "../../components/form/useRowForm";
import { openPreview } from "../../preview/opened";
import { RowPreview } from "../../preview/RowPreview";
import { trainWith } from "../jobs/trainWith";
import type { ResourceExtras } from "../registry";
import { PromptDetail } from "./PromptDetail";

const PromptForm = lazy(() => import("./PromptForm"));

function Form(props: FormProps) {
  return (
    <Suspense fallback={null}>
      <PromptForm {...props} />
    </Suspense>
  );
}

export const prompts: ResourceExtras = {
  form: Form,
  moreActions: [{ label: "Preview rows…", icon: IconEye, plain: true, run: () => openPreview({}) }],
  detail: PromptDetail,
  rowActions: (listed, go) => [trainWith({ prompt: idOf(listed) }, go)],
  mount: RowPreview,
};
