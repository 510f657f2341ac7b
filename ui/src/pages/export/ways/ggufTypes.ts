// The types that the weights of a GGUF file can have.
import type { GgufOf, GgufType } from "../../../bindings";

const types: { value: GgufType; label: string }[] = [
  { value: "f32", label: "F32: 32 bits, exact" },
  { value: "f16", label: "F16: 16 bits" },
  { value: "bf16", label: "BF16: 16 bits, range of 32" },
  { value: "q8_0", label: "Q8_0: 8 bits, nearly exact" },
  { value: "q6_k", label: "Q6_K: about 6.6 bits" },
  { value: "q5_k_m", label: "Q5_K_M: about 5.7 bits" },
  { value: "q4_k_m", label: "Q4_K_M: about 4.9 bits" },
  { value: "q3_k_m", label: "Q3_K_M: about 3.9 bits" },
  { value: "q2_k", label: "Q2_K: about 3.2 bits, answers suffer" },
];

/** Those of a model, or those of an adapter alone, which is not quantized. */
export function typesOf(of: GgufOf) {
  return of === "merged" ? types : types.slice(0, 4);
}
