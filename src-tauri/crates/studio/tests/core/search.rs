//! Search: whoever wrote the rows and however far the index is, the answer is the naive one.

use proptest::{
    collection::vec,
    prelude::{Just, Strategy, prop_oneof},
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};
use serde_json::json;
use sqlx::{AssertSqlSafe, SqliteConnection};
use studio::store::BackupReason;
use studio::{
    platform::Work,
    resources::TABLES,
    schema::TableName,
    snapshot::ImportPolicy,
    store::{Dependents, Filter, ListQuery, Sort},
};

use crate::{
    snapshots::import,
    world::{World, id, row},
};

const MODELS: TableName = TableName::Models;

async fn found(world: &World, search: &str) -> Vec<String> {
    let query = ListQuery { search: Some(search.to_owned()), limit: 1000, ..ListQuery::default() };
    let page = world.studio.store().list(MODELS, &query).await.unwrap();
    assert_eq!(page.total, page.rows.len() as u64, "the count of {search:?}");
    let mut ids: Vec<String> = page.rows.iter().map(id).collect();
    ids.sort();
    ids
}

async fn run(database: &mut SqliteConnection, statement: String) {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(database).await.unwrap();
}

#[tokio::test]
async fn words_are_found_by_their_beginning_in_any_column_case_and_accent() {
    let world = World::new().await;
    let text = "Évaluation_de l'été; don't — 100% (v1.5e-7) 東京";
    let fields = json!({"huggingface_model_name": "lab/tiny-llama", "description": text});
    let model = id(&world.create(MODELS, fields).await.unwrap());
    world.studio.store().tag(MODELS, std::slice::from_ref(&model), &["Größe M".to_owned()]).await.unwrap();
    for indexed in [false, true] {
        if indexed {
            world.studio.store().index_words().await.unwrap();
        }
        let yes = [
            "eval",
            "ÉVAL été",
            "lab ti",
            "lab/tiny-ll",
            "l'ete",
            "don't",
            "\"don't\"",
            "100%",
            "5e-7",
            "東",
            "größe m",
            model.as_str(),
            &model[..6],
            "",
            " — ",
            "*",
            "^lab",
        ];
        for search in yes {
            assert_eq!(found(&world, search).await.len(), 1, "{search:?}, indexed: {indexed}");
        }
        for search in
            ["valuation", "lab or", "eval AND", "NOT lab", "description:eval", "größe xl", "NEAR(lab)"]
        {
            assert!(found(&world, search).await.is_empty(), "{search:?}, indexed: {indexed}");
        }
    }
}

#[tokio::test]
async fn a_search_goes_with_filters_orders_and_pages() {
    let world = World::new().await;
    for name in ["b", "a", "c"] {
        let fields = json!({"huggingface_model_name": format!("lab/{name}"), "description": "same words"});
        world.create(MODELS, fields).await.unwrap();
    }
    for _ in 0..2 {
        let query = ListQuery {
            search: Some("SAME wo".to_owned()),
            sort: Some(Sort { column: "name".to_owned(), descending: true }),
            filters: vec![Filter { column: "type".to_owned(), value: "huggingface".to_owned() }],
            offset: 1,
            limit: 1,
        };
        let page = world.studio.store().list(MODELS, &query).await.unwrap();
        assert_eq!((page.total, page.rows[0].label.as_str()), (3, "lab/b"));
        let everywhere = world.studio.store().search_everywhere("same", 2).await.unwrap();
        assert_eq!(everywhere.len(), 1, "tables without a match are left out");
        assert_eq!((everywhere[0].table, everywhere[0].rows.len()), (MODELS, 2));
        world.studio.store().index_words().await.unwrap();
    }
}

#[tokio::test]
async fn the_index_follows_imports_restores_and_changes_of_form() {
    let world = World::new().await;
    let first = json!({"huggingface_model_name": "lab/first", "description": "before"});
    world.create(MODELS, first).await.unwrap();
    world.studio.store().index_words().await.unwrap();
    let backup = world.studio.store().back_up(BackupReason::Manual).await.unwrap();

    let models: Vec<_> =
        (0..3_000).map(|at| json!({"id": format!("m{at}"), "name": format!("new {at}")})).collect();
    let source = world.file("in.json", json!({"models": models}).to_string());
    import(&world.studio, &source, &ImportPolicy::default()).await.unwrap();
    for _ in 0..2 {
        assert_eq!(found(&world, "new 299").await.len(), 11, "299 and 2990 to 2999");
        assert_eq!(found(&world, "before").await.len(), 1);
        world.studio.store().index_words().await.unwrap();
    }

    world.studio.store().restore(&backup.id, &Work::unwatched()).await.unwrap();
    for _ in 0..2 {
        assert_eq!((found(&world, "new").await.len(), found(&world, "before").await.len()), (0, 1));
        world.studio.store().index_words().await.unwrap();
    }

    run(
        &mut world.stranger().await,
        "DELETE FROM models; INSERT INTO models (id) VALUES ('gap'), ('kept');
         DELETE FROM models WHERE id = 'gap'; VACUUM; INSERT INTO models (id, name) VALUES ('x', 'after')"
            .into(),
    )
    .await;
    for _ in 0..2 {
        assert_eq!(found(&world, "after").await, ["x"]);
        assert_eq!(found(&world, "kept").await, ["kept"]);
        assert!(found(&world, "before").await.is_empty());
        world.studio.store().index_words().await.unwrap();
    }
}

#[tokio::test]
async fn the_index_is_kept_in_step_beside() {
    let world = World::new().await;
    let following = tokio::spawn(world.studio.store().clone().keep_indexed());
    for at in 0..20 {
        let fields = json!({"huggingface_model_name": format!("lab/m{at}")});
        world.create(MODELS, fields).await.unwrap();
        assert_eq!(found(&world, "lab").await.len(), at + 1);
    }
    world.studio.close().await;
    following.await.unwrap();
}

#[tokio::test]
async fn nothing_of_the_index_is_in_the_database() {
    let world = World::new().await;
    world.model().await;
    world.studio.store().index_words().await.unwrap();
    let virtual_tables: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%virtual%' OR name LIKE '%fts%'",
    )
    .fetch_one(&mut world.stranger().await)
    .await
    .unwrap();
    assert_eq!(virtual_tables, 0, "programs without FTS5 could not read it");
}

/// What may happen between two searches.
#[derive(Debug, Clone)]
enum Step {
    Create(String),
    Describe(usize, String),
    Delete(usize),
    DeleteLast,
    Tag(usize, &'static str),
    Untag(&'static str),
    StrangerWrites(String),
    StrangerReplaces(usize, String),
    Index,
    Vacuum,
}

const TEXTS: &[&str] = &["alpha beta", "Álpha", "gamma-delta", "beta_1", "delta", "ALP hab", "1 2 3"];
const SEARCHES: &[&str] = &["al", "ALPHA", "bet", "delta gam", "1", "beta 1", "hab al", "tag", "zzz"];

fn step() -> impl Strategy<Value = Step> {
    let text = || {
        prop_oneof![Just(0), Just(1), Just(2), Just(3), Just(4), Just(5), Just(6)]
            .prop_map(|at: usize| TEXTS[at].to_owned())
    };
    let tag = || prop_oneof![Just("tag one"), Just("beta")];
    prop_oneof![
        3 => text().prop_map(Step::Create),
        2 => (0..9usize, text()).prop_map(|(at, text)| Step::Describe(at, text)),
        1 => (0..9usize).prop_map(Step::Delete),
        1 => Just(Step::DeleteLast),
        1 => (0..9usize, tag()).prop_map(|(at, tag)| Step::Tag(at, tag)),
        1 => tag().prop_map(Step::Untag),
        2 => text().prop_map(Step::StrangerWrites),
        1 => (0..9usize, text()).prop_map(|(at, text)| Step::StrangerReplaces(at, text)),
        4 => Just(Step::Index),
        1 => Just(Step::Vacuum),
    ]
}

/// The rows that have all words, by reading them all.
async fn naive(database: &mut SqliteConnection, search: &str) -> Vec<String> {
    let fold = |text: &str| {
        let letters = text.to_lowercase().replace('á', "a");
        letters.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>()
    };
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT id, concat_ws(' ', id, type, name, description, (SELECT group_concat(tag, ' ') FROM studio_tags \
         WHERE table_name = 'models' AND row_id = id)) FROM models ORDER BY id",
    )
    .fetch_all(database)
    .await
    .unwrap();
    let matches = |text: &str| {
        let words = fold(text);
        fold(search).iter().all(|wanted| words.iter().any(|word| word.starts_with(wanted)))
    };
    rows.into_iter().filter(|(_, text)| matches(text)).map(|(id, _)| id).collect()
}

async fn take(world: &World, stranger: &mut SqliteConnection, step: Step, at: usize) {
    let ids = found(world, "").await;
    let one = |at: usize| ids.get(at % ids.len().max(1)).cloned();
    match step {
        Step::Create(text) => {
            let fields = json!({"huggingface_model_name": format!("lab/{at}"), "description": text});
            world.create(MODELS, fields).await.unwrap();
        }
        Step::Describe(at, text) => {
            let Some(id) = one(at) else { return };
            world.studio.rows().update(MODELS, &id, row(json!({"description": text}))).await.unwrap();
        }
        Step::Delete(at) => {
            let Some(id) = one(at) else { return };
            world.studio.store().delete(MODELS, &[id], Dependents::Refuse).await.unwrap();
        }
        Step::DeleteLast => {
            run(stranger, "DELETE FROM models WHERE rowid = (SELECT max(rowid) FROM models)".into()).await;
        }
        Step::Tag(at, tag) => {
            let Some(id) = one(at) else { return };
            world.studio.store().tag(MODELS, &[id], &[tag.to_owned()]).await.unwrap();
        }
        Step::Untag(tag) => _ = world.studio.store().untag(MODELS, &ids, &[tag.to_owned()]).await.unwrap(),
        Step::StrangerWrites(text) => {
            run(stranger, format!("INSERT INTO models (id, description) VALUES ('s{at}', '{text}')")).await;
        }
        Step::StrangerReplaces(other, text) => {
            let Some(id) = one(other) else { return };
            run(stranger, format!("REPLACE INTO models (id, description) VALUES ('{id}', '{text}')")).await;
        }
        Step::Index => world.studio.store().index_words().await.unwrap(),
        Step::Vacuum => run(stranger, "VACUUM".into()).await,
    }
}

#[test]
fn any_history_is_searched_as_if_every_row_were_read() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    for _ in 0..24 {
        let steps = vec(step(), 1..24).new_tree(&mut runner).unwrap().current();
        runtime.block_on(async {
            let world = World::new().await;
            let mut stranger = world.stranger().await;
            for (at, step) in steps.iter().enumerate() {
                take(&world, &mut stranger, step.clone(), at).await;
                for search in SEARCHES {
                    let expected = naive(&mut stranger, search).await;
                    assert_eq!(found(&world, search).await, expected, "{search:?} after {:?}", &steps[..=at]);
                }
            }
        });
    }
}

#[tokio::test]
async fn a_trigger_that_was_dropped_is_made_again() {
    let world = World::new().await;
    let triggers = async || -> Vec<String> {
        sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name")
            .fetch_all(&mut world.stranger().await)
            .await
            .unwrap()
    };
    let all = triggers().await;
    for table in TABLES {
        for event in ["changed", "gone"] {
            let name = format!("studio_{}_{event}", table.name);
            assert!(all.contains(&name), "{name}");
            run(&mut world.stranger().await, format!("DROP TRIGGER {name}")).await;
        }
    }
    run(&mut world.stranger().await, "DROP TRIGGER studio_tags_put".to_owned()).await;
    assert_ne!(triggers().await, all);
    studio::Studio::open(world.studio.path()).await.unwrap().close().await;
    assert_eq!(triggers().await, all);
}
