"""Merges an adapter into its base model, logs the model to MLflow, and registers it.

A kernel runs this file without ``__file__`` and takes every ``SystemExit`` for a failure, so it
has neither; how it ended is in a file beside it.
"""

import json
import os
import pathlib


def register(request):
    """Registers the next version of the model; returns its number and its run."""
    import mlflow
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    base, adapter = request["base"], request["adapter"]
    has_tokenizer = os.path.exists(os.path.join(adapter, "tokenizer_config.json"))
    tokenizer = AutoTokenizer.from_pretrained(adapter if has_tokenizer else base)
    model = AutoModelForCausalLM.from_pretrained(base, torch_dtype="auto")
    if len(tokenizer) > model.get_input_embeddings().weight.shape[0]:
        model.resize_token_embeddings(len(tokenizer))
    # MLflow would store the base model as PEFT has changed it.
    model = PeftModel.from_pretrained(model, adapter).merge_and_unload()
    mlflow.set_experiment(request["experiment"])
    with mlflow.start_run(run_name=request["name"]) as run:
        mlflow.log_params({"base_model": base, "adapter": request["adapter_label"]})
        logged = mlflow.transformers.log_model(
            transformers_model={"model": model, "tokenizer": tokenizer},
            artifact_path="model",
            task="text-generation",
            model_config=request["generation"] or None,
            registered_model_name=request["name"],
        )
    return {
        "experiment_id": run.info.experiment_id,
        "run_id": run.info.run_id,
        "version": str(logged.registered_model_version),
    }


def main():
    """Does what the request says, and writes how it ended."""
    folder = pathlib.Path(os.environ["FTS_REGISTRATION"])
    request = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    try:
        result = register(request)
    except Exception as error:
        result = {"error": f"{type(error).__name__}: {error}"}
        print(result["error"])
    partial = folder / "result.partial"
    partial.write_text(json.dumps(result), encoding="utf-8")
    partial.replace(folder / os.environ["FTS_RESULT"])


main()
