//! The generated TypeScript for the pages: the commands with their types, error codes and the
//! descriptions of the resources.

use tauri_specta::{Builder, ErrorHandlingMode, collect_commands, collect_events};

use crate::commands::{
    about, archives, configs, dataset_files, datasets, deleted, doctor, environment, example, exports,
    folders, hub, prompts, rows, runs, serving, snapshots, tags, targets, transfers, trials, weights,
    workspace,
};
use crate::{
    events::{DatasetFileChanged, RunChanged, ServingChanged, StoreChanged},
    opened::FileOpened,
};

/// The commands the window may call, and the events it may listen to.
pub(crate) fn builder<R: tauri::Runtime>() -> Builder<R> {
    Builder::new()
        .error_handling(ErrorHandlingMode::Throw)
        // Counts and sizes stay far below 2^53.
        .dangerously_cast_bigints_to_number()
        .disable_serde_phases()
        .commands(collect_commands![
            workspace::shown,
            workspace::workspace,
            workspace::open_workspace,
            rows::list,
            rows::search_everywhere,
            rows::get,
            rows::used_by,
            rows::create,
            rows::update,
            rows::duplicate,
            rows::deletion_plan,
            rows::delete,
            deleted::deleted,
            deleted::deleted_row,
            deleted::obstacles,
            deleted::undelete,
            deleted::purge,
            example::example,
            example::load_example,
            example::remove_example,
            rows::lineage,
            datasets::preview_dataset,
            datasets::preview_split,
            datasets::recognize_dataset,
            datasets::scan_dataset,
            datasets::import_dataset,
            datasets::token_lengths,
            dataset_files::profile_dataset,
            dataset_files::dataset_file,
            dataset_files::verify_dataset_file,
            dataset_files::relocate_dataset,
            configs::check_config,
            configs::config_presets,
            configs::set_preset,
            configs::compare_configs,
            configs::axolotl_formats,
            doctor::diagnose_dataset,
            doctor::list_problems,
            prompts::suggest_templates,
            prompts::render_prompt,
            prompts::preview_training,
            prompts::preview_evaluation,
            doctor::convert_dataset,
            weights::inspect_folder,
            weights::model_facts,
            weights::adapter_facts,
            hub::hub_cache,
            hub::search_hub,
            hub::local_repositories,
            hub::hub_dataset_configs,
            hub::dataset_part,
            hub::choose_dataset_part,
            hub::training_memory,
            hub::hub_cache_uses,
            hub::remove_from_hub_cache,
            hub::hub_info,
            hub::hub_record,
            hub::verify_on_hub,
            hub::hub_settings,
            hub::set_hub_settings,
            hub::set_hub_token,
            environment::environment_report,
            environment::accelerators,
            environment::create_environment,
            environment::remove_environment,
            environment::choose_python,
            folders::folders,
            folders::open_folder,
            snapshots::export_database,
            snapshots::export_rows,
            workspace::check,
            snapshots::plan_import,
            snapshots::plan_pull,
            snapshots::import_conflicts,
            snapshots::import_snapshot,
            snapshots::discard_import,
            archives::plan_archive,
            archives::export_archive,
            archives::plan_archive_import,
            archives::choose_archive_folder,
            archives::import_archive,
            snapshots::backups,
            snapshots::back_up,
            snapshots::restore_backup,
            snapshots::delete_backup,
            snapshots::set_backup_rule,
            tags::tag,
            tags::untag,
            tags::tags,
            tags::rename_tag,
            tags::delete_tag,
            tags::saved_filters,
            tags::save_filter,
            tags::rename_filter,
            tags::delete_filter,
            runs::plan_training,
            runs::start_training,
            runs::plan_evaluation,
            runs::start_evaluation,
            runs::runs,
            runs::run_report,
            runs::run_log,
            runs::stop_run,
            runs::retry_run,
            runs::retry_run_on,
            runs::move_run,
            runs::queue,
            runs::set_queue,
            runs::compare_runs,
            runs::evaluation_results,
            exports::plan_export,
            exports::start_export,
            exports::export_report,
            exports::remove_export,
            transfers::transfers,
            transfers::add_transfer,
            transfers::pause_transfer,
            transfers::resume_transfer,
            transfers::cancel_transfer,
            transfers::forget_transfers,
            transfers::transfer_rule,
            transfers::set_transfer_rule,
            targets::targets,
            targets::add_target,
            targets::update_target,
            targets::remove_target,
            targets::set_target_key,
            targets::target_commands,
            targets::confirm_target,
            targets::last_target_check,
            targets::check_target,
            targets::prepare_target,
            targets::stop_preparing_target,
            trials::outline_trial,
            trials::reward_models,
            trials::open_trial,
            trials::ask_trial,
            trials::converse,
            trials::conversation_of_row,
            trials::save_conversation,
            trials::cancel_trial,
            trials::close_trial,
            serving::start_serving,
            serving::serving,
            serving::renew_serving_key,
            serving::clear_served_requests,
            serving::stop_serving,
            serving::engine_commands,
            workspace::cancel,
            about::take_opened_file,
            about::diagnostics,
            about::third_party_notices,
        ])
        .events(collect_events![StoreChanged, RunChanged, DatasetFileChanged, ServingChanged, FileOpened])
        .typ::<studio::schema::Table>()
        .typ::<studio::configs::TypedSettings>()
        .typ::<studio::configs::axolotl::DatasetFormat>()
        .typ::<studio::Error>()
}

#[cfg(test)]
mod tests {
    use std::{fmt::Write as _, fs, path::Path};

    use serde_json::json;
    use specta_typescript::Typescript;
    use studio::{
        configs::{SETTINGS, axolotl::FORMATS, defaults},
        resources::TABLES,
        schema::{NavigationGroup, TextEnum as _, typescript},
        store::RunState,
    };

    /// Rewrites a stale file, and fails once so that nobody commits the old one.
    fn assert_current(name: &str, fresh: &str) {
        let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/bindings").join(name);
        let current = fs::read_to_string(&target).unwrap_or_default();
        if fresh != current {
            fs::write(&target, fresh).unwrap();
            assert!(
                std::env::var_os("UPDATE_BINDINGS").is_some(),
                "{} was out of date and has been written; run again and commit it",
                target.display()
            );
        }
    }

    const HEADER: &str = "// Generated from Rust; `cargo xtask codegen` writes it.\n";

    #[test]
    fn bindings_are_current() {
        let folder = tempfile::tempdir().unwrap();
        let fresh = folder.path().join("index.ts");
        let language = Typescript::default().header(HEADER).with_raw(descriptions());
        super::builder::<tauri::Wry>().export(language, &fresh).unwrap();
        assert_current("index.ts", &fs::read_to_string(fresh).unwrap());
    }

    #[test]
    fn icons_are_current() {
        assert_current("icons.ts", &format!("{HEADER}{}", typescript::icons(TABLES)));
    }

    /// The resources' rows as types, and their descriptions as data.
    fn descriptions() -> String {
        let live: Vec<RunState> = RunState::ALL.iter().copied().filter(|state| state.is_live()).collect();
        let mut text = typescript::row_types(TABLES);
        let constants = [
            ("The version of the program.", "VERSION: string", json!(env!("CARGO_PKG_VERSION"))),
            ("Every resource's description.", "TABLES: Table[]", json!(TABLES)),
            (
                "The groups of the navigation.",
                "NAVIGATION_GROUPS: ChoiceOption[]",
                json!(NavigationGroup::OPTIONS),
            ),
            ("The settings of every typed config.", "SETTINGS: TypedSettings[]", json!(SETTINGS)),
            (
                "The settings of an evaluation whose request leaves them out.",
                "EVALUATION_DEFAULTS",
                json!(defaults::evaluation()),
            ),
            ("The states of a run that has not ended.", "LIVE_STATES: RunState[]", json!(live)),
            ("Every dataset format of axolotl.", "AXOLOTL_FORMATS: DatasetFormat[]", json!(FORMATS)),
        ];
        for (about, declared, data) in constants {
            let _ = writeln!(text, "/** {about} */\nexport const {declared} = {data:#};\n");
        }
        text
    }
}
