//! What `fts archive` prints.

use studio::{
    archive::{
        ArchiveExported, ArchiveImportPlan, ArchiveImportReport, ArchivePlan, ArchivedReference, LeftOut,
        Manifest, Placement,
    },
    platform::disk::format_bytes,
    resources::Described as _,
};

use crate::output::{Output, counted, print, print_table, sized};

pub(crate) fn manifest(output: &Output, manifest: &Manifest) {
    if output.json(manifest) {
        return;
    }
    print(&format!(
        "Written {} by version {}: {}.",
        manifest.created,
        manifest.program,
        counted(&manifest.tables)
    ));
    let folders = manifest.folders.iter();
    let rows =
        folders.map(|f| vec![f.name.clone(), users(&f.references), sized(f.files.len() as u64, f.bytes())]);
    print_table(["folder", "of", "files"], rows);
    left_out(&manifest.left_out);
}

pub(crate) fn export_plan(output: &Output, plan: &ArchivePlan) {
    if output.json(plan) {
        return;
    }
    print(&format!(
        "The archive would hold {} and {}.",
        counted(&plan.tables),
        sized(plan.files, plan.bytes)
    ));
    let folders = plan.folders.iter();
    let rows = folders.map(|f| vec![users(&f.references), f.location.clone(), sized(f.files, f.bytes)]);
    print_table(["of", "from", "files"], rows);
    left_out(&plan.left_out);
    if let Some(free) = plan.free {
        print(&format!("{} are free where it would be written.", format_bytes(free)));
    }
}

pub(crate) fn exported(output: &Output, exported: &ArchiveExported) {
    if output.json(exported) {
        return;
    }
    left_out(&exported.left_out);
    print(&format!(
        "Wrote {} and {} to {} ({}).",
        counted(&exported.tables),
        sized(exported.files, exported.content_bytes),
        exported.path,
        format_bytes(exported.bytes)
    ));
}

pub(crate) fn import_plan(output: &Output, plan: &ArchiveImportPlan) {
    if output.json(plan) {
        return;
    }
    output.plan(&plan.rows);
    let folders = plan.folders.iter();
    let rows = folders.map(|f| {
        let written = matches!(f.placement, Placement::New | Placement::IfReplaced);
        let place = if written { f.place.clone() } else { String::new() };
        vec![users(&f.references), sized(f.files, f.bytes), placement(f.placement).to_owned(), place]
    });
    print_table(["of", "files", "on import", "to"], rows);
    left_out(&plan.left_out);
    if let Some(free) = plan.free {
        print(&format!("{} are free in {}.", format_bytes(free), plan.to));
    }
}

pub(crate) fn imported(output: &Output, report: &ArchiveImportReport) {
    if output.json(report) {
        return;
    }
    output.imported(&report.rows);
    for placed in &report.placed {
        print(&format!("Put {} into {}.", sized(placed.files, placed.bytes), placed.path));
    }
    left_out(&report.left_out);
}

/// What happens to the files of a folder.
fn placement(placement: Placement) -> &'static str {
    match placement {
        Placement::New => "written",
        Placement::IfReplaced => "written if the rows are replaced",
        Placement::Same => "here already",
        Placement::Unused => "not needed",
    }
}

/// The rows that refer to a folder: "dataset 'Tickets'".
fn users(references: &[ArchivedReference]) -> String {
    let mut users: Vec<String> =
        references.iter().map(|r| format!("{} '{}'", r.table.table().singular, r.label)).collect();
    users.dedup();
    users.join(", ")
}

/// What the archive lacks is printed to standard error: standard output has the result alone.
fn left_out(left_out: &[LeftOut]) {
    for LeftOut { table, label, location, reason, missing, .. } in left_out {
        if *missing {
            eprintln!("Left out of {} '{label}': {location}. {reason}", table.table().singular);
        }
    }
}
