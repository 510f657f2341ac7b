//! The labels of rows, by the rule of [`Table::label_with`].

use resources::Described as _;
use schema::{Kind, Table};

/// The label of row `alias`.
pub(super) fn label(table: &Table, alias: &str) -> String {
    let parts: Vec<String> =
        table.label_references.iter().map(|columns| first_referred(table, columns, alias)).collect();
    let id = format!("substr({alias}.id, 1, 8)");
    let by_references = (!parts.is_empty())
        .then(|| format!("nullif(concat_ws(' on ', {}), '') || ', ' || {id}", parts.join(", ")));
    let fallback = format!("'{} ' || {id}", table.singular);
    coalesce(names(table, alias).chain(by_references).chain([fallback]).collect())
}

/// The names that the row has in columns of its own.
fn names(table: &Table, alias: &str) -> impl Iterator<Item = String> {
    table.label.iter().map(move |column| format!("nullif(trim({alias}.\"{column}\"), '')"))
}

/// The label of the first existing row that one of the columns refers to; NULL without one.
fn first_referred(table: &Table, columns: &[&str], alias: &str) -> String {
    let referred = columns.iter().filter_map(|name| {
        let Kind::Reference { table: target } = table.column(name)?.kind else { return None };
        let other = format!("{alias}_{name}");
        let label = label(target.table(), &other);
        Some(format!(
            "(SELECT {label} FROM main.\"{target}\" AS {other} WHERE {other}.id = {alias}.\"{name}\")"
        ))
    });
    coalesce(referred.collect())
}

fn coalesce(values: Vec<String>) -> String {
    if let [only] = &values[..] { only.clone() } else { format!("coalesce({})", values.join(", ")) }
}

#[cfg(test)]
mod tests {
    use schema::TableName;

    use crate::{Dependents, ListQuery, Store};

    const JOBS: TableName = TableName::EvaluationJobs;

    #[tokio::test]
    async fn evaluations_are_named_after_what_they_measure_everywhere() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("studio.db")).await.unwrap();
        let mut tx = store.write().await.unwrap();
        sqlx::raw_sql(
            "INSERT INTO models (id, name) VALUES ('m', 'tiny');
             INSERT INTO adapters (id, name, model_id) VALUES ('a', ' support-lora ', 'm');
             INSERT INTO datasets (id, name) VALUES ('d', 'Tickets');
             PRAGMA defer_foreign_keys = ON;
             INSERT INTO evaluation_jobs (id, base_model_id, adapter_id, dataset_id) VALUES
             ('11111111-2', 'm', 'a', 'd'), ('22222222-2', 'm', NULL, 'd'), ('33333333-2', 'm', 'a', NULL),
             ('44444444-2', NULL, NULL, NULL)",
        )
        .execute(&mut *tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        // The reference to a row that does not exist counts for nothing.
        let mut outside = store.outside_connection().await.unwrap();
        sqlx::query(
            "INSERT INTO evaluation_jobs (id, base_model_id, adapter_id, dataset_id) \
             VALUES ('55555555-2', 'm', 'gone', 'd')",
        )
        .execute(&mut outside)
        .await
        .unwrap();

        let expected = [
            "support-lora on Tickets, 11111111",
            "tiny on Tickets, 22222222",
            "support-lora, 33333333",
            "evaluation job 44444444",
            "tiny on Tickets, 55555555",
        ];
        let query = ListQuery { limit: 10, ..ListQuery::default() };
        let listed = store.list(JOBS, &query).await.unwrap().rows;
        assert_eq!(listed.iter().map(|row| row.label.as_str()).collect::<Vec<_>>(), expected);
        assert_eq!(store.get(JOBS, "11111111-2").await.unwrap().label, expected[0]);

        let uses = store.used_by(TableName::Models, "m").await.unwrap();
        let of_jobs = uses.iter().find(|found| found.table == JOBS).unwrap();
        let labels: Vec<&str> = of_jobs.sample.iter().map(|row| row.label.as_str()).collect();
        assert_eq!(labels, [expected[0], expected[1], expected[2], expected[4]]);
        let lineage = store.lineage(JOBS, "22222222-2", 1).await.unwrap();
        assert_eq!(lineage.nodes[0].label.as_deref(), Some(expected[1]));
        let findings = store.check().await.unwrap();
        let of_job = |message: &str| findings.iter().any(|finding| finding.message.starts_with(message));
        assert!(of_job("'tiny on Tickets, 55555555' refers to"), "{findings:?}");
        let deletion =
            store.delete(TableName::Datasets, &["d".to_owned()], Dependents::Delete).await.unwrap();
        let trash = store.deleted(0, 1).await.unwrap();
        assert_eq!(trash.deletions[0].id, deletion.deletion);
        let label = |id: &str| trash.deletions[0].rows.iter().find(|row| row.id == id).unwrap().label.clone();
        assert_eq!(label("11111111-2"), expected[0]);
    }
}
