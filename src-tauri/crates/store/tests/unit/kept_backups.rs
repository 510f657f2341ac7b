//! Which backups the rule keeps.

use super::*;

fn backup(id: &str, reason: BackupReason) -> Backup {
    Backup { id: id.into(), reason, created_at: String::new(), bytes: 0, path: String::new() }
}

#[test]
fn the_rule_keeps_the_latest_and_one_a_day() {
    let now = time_of("20260131-120000-000").unwrap();
    let import = |id: &str| backup(id, BackupReason::Import);
    let all = [
        import("20260131-110000-000"),
        import("20260131-100000-000"),
        import("20260131-090000-000"),
        import("20260130-090000-000"),
        import("20260130-080000-000"),
        backup("20260130-070000-000", BackupReason::Manual),
        import("20260129-080000-000"),
        import("20251201-080000-000"),
    ];
    let rule = BackupRule { keep_last: 2, keep_days: 2 };
    let gone: Vec<&str> = surplus(&all, rule, now).iter().map(|backup| backup.id.as_str()).collect();
    assert_eq!(
        gone,
        ["20260131-090000-000", "20260130-080000-000", "20260129-080000-000", "20251201-080000-000"]
    );
}
