import { lazy, Suspense } from "react";
import { idOf } from "../../api/tables";
import type { FormProps } from "../../components/form/useRowForm";
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
  detail: PromptDetail,
  rowActions: (listed, go) => [trainWith({ prompt: idOf(listed) }, go)],
};
