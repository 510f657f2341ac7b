//! Where a row comes from and what came of it, in words.

use studio::resources::Described as _;
use studio::store::{Lineage, LineageNode, RowKey};

use crate::output::{Output, print, print_table};

pub(crate) fn told(output: &Output, lineage: &Lineage) {
    if output.json(lineage) {
        return;
    }
    let rows = lineage.nodes.iter().map(|node| {
        let table = node.row.table.table();
        let from = lineage.edges.iter().filter(|edge| edge.to == node.row);
        let from = from.map(|edge| format!("{} ({})", called(lineage, &edge.from), edge.role.to_lowercase()));
        let from: Vec<String> = from.collect();
        vec![table.singular.to_owned(), name(node), node.row.id.clone(), from.join(", ")]
    });
    print_table(["", "name", "identifier", "comes from"], rows);
    for more in &lineage.more {
        let table = more.table.table();
        let noun = if more.rows == 1 { table.singular } else { table.plural };
        print(&format!("{} more {noun} came of '{}'.", more.rows, called(lineage, &more.of)));
    }
}

fn called(lineage: &Lineage, key: &RowKey) -> String {
    lineage.nodes.iter().find(|node| node.row == *key).map_or_else(|| key.id.clone(), name)
}

fn name(node: &LineageNode) -> String {
    node.label.clone().unwrap_or_else(|| "not here".to_owned())
}
