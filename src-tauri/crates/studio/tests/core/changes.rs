//! Changes that are reported while a studio is open.

use sqlx::query;
use studio::{Change, schema::TableName, store::StoreChange};
use tokio::sync::mpsc::unbounded_channel;

use crate::world::World;

#[tokio::test]
async fn what_other_programs_change_is_reported_until_the_studio_is_closed() {
    let world = World::new().await;
    let dataset = world.dataset().await;
    world.studio.datasets().file(&dataset).await.unwrap();
    let (report, mut reports) = unbounded_channel();
    let watching = tokio::spawn({
        let studio = world.studio.clone();
        async move { studio.watch(|change| report.send(change).unwrap()).await }
    });

    world.file("rows.csv", "question,answer\nWhy?,Because.\nHow?,So.\n");
    assert_eq!(reports.recv().await, Some(Change::File(dataset)));

    let mut stranger = world.stranger().await;
    let insert = "INSERT INTO prompts (id, type, name, prompt_template) VALUES ('p', 'in_place', 'a', 'b')";
    query(insert).execute(&mut stranger).await.unwrap();
    let prompts =
        Change::Store(StoreChange { tables: vec![TableName::Prompts], runs: false, transfers: false });
    assert_eq!(reports.recv().await, Some(prompts));

    world.studio.close().await;
    watching.await.unwrap().unwrap();
    assert_eq!(reports.recv().await, None);
}
